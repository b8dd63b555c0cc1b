// What is shown lives in the URL, so that a view can be kept and shared.
import { element, mark } from "./rows.js";
import { number, t } from "./words.js";

const STATES = ["silent", "late", "backfilling", "never_seen", "fresh", "maintenance", "paused"];
const KINDS = { "": "filter.all", station: "filter.stations", vehicle: "filter.vehicles", service: "filter.services" };

export function readChoice() {
  const asked = new URLSearchParams(location.search);
  return { state: asked.get("state") ?? "", kind: asked.get("kind") ?? "", q: asked.get("q") ?? "", page: Math.max(1, Number(asked.get("page")) || 1) };
}

export function writeChoice(choice) {
  const kept = Object.entries(choice).filter(([name, value]) => value && !(name === "page" && value === 1));
  history.replaceState(null, "", `${location.pathname}${kept.length ? "?" : ""}${new URLSearchParams(kept)}`);
}

function chip(words, pressed, press, look = "") {
  return element("button", { type: "button", class: look, "aria-pressed": String(pressed), onclick: press }, ...words);
}

export function drawFilters(states, kinds, choice, summary, choose) {
  const all = chip([t("filter.all"), element("b", {}, number(summary.total))], !choice.state, () => choose({ state: "" }));
  const others = STATES.map((state) => {
    const count = summary.freshness[state];
    return chip([mark("data", state, t(`data.${state}`)), element("b", {}, number(count))], choice.state === state,
      () => choose({ state: choice.state === state ? "" : state }), count ? "" : "zero");
  });
  const broken = summary.actors.quarantined || choice.state === "quarantined"
    ? [chip([mark("actor", "quarantined", t("actor.quarantined")), element("b", {}, number(summary.actors.quarantined))],
        choice.state === "quarantined", () => choose({ state: choice.state === "quarantined" ? "" : "quarantined" }))] : [];
  states.replaceChildren(all, ...broken, ...others);
  kinds.replaceChildren(...Object.entries(KINDS).map(([kind, key]) => chip([t(key)], choice.kind === kind, () => choose({ kind }))));
}
