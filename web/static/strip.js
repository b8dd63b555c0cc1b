// The top of the live page: the verdict in one line, and the books that must balance.
import { element } from "./rows.js";
import { number, t } from "./words.js";

const BUDGET_S = 120;
const CONCERN_PAGES = { forward_late: "/destinations", archive_held: "/destinations", archive_held_disabled: "/destinations", provider_silent: "/providers" };
const term = (value, word, look = "") => element("span", { class: `term ${look}` }, number(value), element("small", {}, word));
const sign = (text) => element("span", { class: "sign" }, text);

function account(title, left, right, looks) {
  const [[leftWord, leftValue]] = Object.entries(left);
  const off = leftValue - Object.values(right).reduce((sum, value) => sum + value, 0);
  const sums = Object.entries(right).flatMap(([word, value], i) =>
    [sign(i ? "+" : "="), term(value, t(`strip.${word}`), value > 0 ? looks[word] ?? "" : "")]);
  return element("article", { class: `account${off ? " off" : ""}` },
    element("h2", {}, title, element("span", { class: "ok" }, off ? t("strip.unbalanced", { count: number(off) }) : `✓ ${t("strip.balanced")}`)),
    element("div", { class: "equation" }, term(leftValue, t(`strip.${leftWord}`)), ...sums));
}

function budget(forwards) {
  const slowest = Math.max(-1, ...forwards.map((view) => view.p99_s ?? -1));
  const misses = forwards.reduce((sum, view) => sum + view.deadline_misses_today, 0);
  const words = slowest < 0 ? t("strip.budget_none") : t("strip.budget_value", { seconds: slowest.toFixed(1) });
  return element("article", { class: "account" }, element("h2", {}, t("strip.budget")),
    element("meter", { min: "0", max: BUDGET_S, low: 60, high: 100, optimum: 0, value: Math.max(0, slowest), "aria-label": `${t("strip.budget")}: ${words}` }),
    element("div", { class: "budget-line" }, element("strong", {}, words),
      element("span", { class: misses ? "bad" : "" }, t("strip.misses", { count: number(misses) }))));
}

export function drawStrip(place, balance, forwards) {
  const arriving = ({ received, stored, duplicate, refused }) => [{ received }, { stored, duplicate, refused }];
  const looks = { refused: "bad", waiting: "wait" };
  const leaving = Object.entries(balance.destinations).map(([name, { due, forwarded, waiting, refused }]) =>
    account(`→ ${name}`, { due }, { forwarded, waiting, refused }, looks));
  place.replaceChildren(account(t("strip.files"), ...arriving(balance.files), looks),
    account(t("strip.waypoints"), ...arriving(balance.waypoints), looks), ...leaving, budget(forwards));
}

export function drawVerdict(place, { balance, summary, services, forwards }, choose) {
  const count = (list, test) => list.filter(test).length;
  const say = (key, value, look, choice) =>
    value > 0 ? element("button", { type: "button", class: look, onclick: () => choose(choice) }, t(`verdict.${key}`, { count: number(value) })) : "";
  const idle = count(services, (row) => !["running", "behind", "starting"].includes(row.actor));
  const lines = [
    balance.balanced ? "" : element("strong", { class: "unbalanced" }, t("verdict.unbalanced")),
    say("silent", summary.freshness.silent, "", { state: "silent", kind: "" }),
    say("quarantined", summary.actors.quarantined, "", { state: "quarantined", kind: "" }),
    say("service", idle, "", { state: "", kind: "service" }),
    say("refused", count(forwards, (view) => view.state === "refused"), "", { state: "", kind: "service" }),
    say("blocked", count(forwards, (view) => view.state === "blocked"), "amber", { state: "", kind: "service" }),
    say("late", summary.freshness.late, "amber", { state: "late", kind: "" }),
    ...(summary.concerns ?? []).map((each) => element("a", { class: "concern", href: CONCERN_PAGES[each.kind] ?? "/log" }, `▲ ${t(`concern.${each.kind}`, each)}`)),
  ].filter(Boolean);
  place.replaceChildren(...(lines.length ? lines : [element("span", { class: "calm" }, `✓ ${t("verdict.calm")}`)]));
}
