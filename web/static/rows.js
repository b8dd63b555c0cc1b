// Draws one row: source or service, with three columns that are never mixed: data, actor, delivery.
import { mayAct } from "./ask.js";
import { age, clock, known, minute, number, t } from "./words.js";

export function element(tag, fields = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(fields)) {
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== ""));
  return made;
}

export const mark = (axis, state, word) =>
  element("span", { class: `mark ${axis}-${state}` }, element("i", { class: "shape", "aria-hidden": "true" }), word);
const note = (...parts) => element("span", { class: "note" }, parts.filter(Boolean).join(" · "));

const DATA_RANK = { silent: 60, late: 30, backfilling: 8, never_seen: 6, maintenance: 3, paused: 2, fresh: 0 };
const ACTOR_RANK = { quarantined: 70, stopped: 25, backing_off: 40, behind: 10, starting: 5, running: 0 };
const DELIVERY_RANK = { refused: 50, blocked: 20, queued: 4, current: 0 };
export const rank = (row) => Math.max(DATA_RANK[row.freshness] ?? 0, ACTOR_RANK[row.actor] ?? 0,
  DELIVERY_RANK[row.delivery] ?? 0, row.exceeding ? 45 : 0);
const alarmOf = (row) => { const worst = rank(row); return worst >= 45 ? "alarm" : worst >= 20 ? "warn" : ""; };

function pageOf(id) {
  const [kind, ...name] = id.split(":");
  return { station: "/stations/", vehicle: "/vehicles/" }[kind] + encodeURIComponent(name.join(":"));
}

function dataCell(row) {
  if (row.isService) return element("td", {}, note(row.detail));
  const clocks = row.last_seen
    ? [row.last_time && t("data.measured", { time: minute(row.last_time) }), t("data.received", { time: clock(row.last_seen) })]
    : [t("data.nothing")];
  return element("td", { title: [row.last_time, row.last_seen, row.deadline].filter(Boolean).join("\n") },
    mark("data", row.freshness, t(`data.${row.freshness}`)),
    row.exceeding ? element("span", { class: "over" }, ` ▲ ${t("data.exceeding")}`) : "",
    note(...clocks, row.deadline && t("data.deadline", { time: minute(row.deadline) })));
}

function actorCell(row) {
  const word = row.actor === "stopped" && row.stopped_by ? t("actor.stopped_by", { name: row.stopped_by }) : t(`actor.${row.actor}`);
  const notes = [row.restarts > 0 && t("actor.restarts", { count: row.restarts }), row.next_try && t("actor.next_try", { time: clock(row.next_try) })];
  return element("td", {}, mark("actor", row.actor, word), notes.some(Boolean) ? note(...notes) : "");
}

function deliveryCell(row) {
  if (!row.delivery) return element("td");
  const notes = [row.oldest_age_s != null && row.queued > 0 && t("delivery.oldest", { age: age(row.oldest_age_s) }), row.last_error];
  return element("td", {}, mark("delivery", row.delivery, t(`delivery.${row.delivery}`, { count: number(row.queued ?? 0) })),
    notes.some(Boolean) ? note(...notes) : "");
}

function dayCell(row) {
  if (row.completeness_24h == null) return element("td");
  const share = row.completeness_24h, look = share < 0.75 ? "low" : share < 0.95 ? "mid" : "";
  return element("td", {}, element("span", { class: `percent ${look}` }, `${Math.floor(share * 100)} %`),
    row.worst_flag > 2 ? note(t(`flag.${row.worst_flag}`)) : "");
}

function toolsCell(row) {
  const button = (verb) => element("button", { type: "button", "data-verb": verb, "aria-label": `${t(`action.${verb}`)} ${row.name}` }, t(`action.${verb}`));
  const verbs = !mayAct ? [] : row.actor === "stopped" ? [button("start")] : [button("restart"), button("stop")];
  return element("td", { class: "tools" }, ...verbs.flatMap((made) => [made, " "]));
}

export function drawRow(row) {
  const kind = row.isService ? row.id.split(":")[0] : row.kind;
  const code = row.id.slice(row.id.indexOf(":") + 1);
  const title = (row.isService && known(`service.${row.id.replace(":", "_")}`)) || row.name || code;
  return element("tr", { "data-id": row.id, class: alarmOf(row), tabindex: "-1" },
    element("td", {}, row.isService ? element("span", { class: "name" }, title) : element("a", { class: "name", href: pageOf(row.id) }, title),
      note(t(kindWord(kind)), code !== title && code)),
    dataCell(row), actorCell(row), deliveryCell(row), dayCell(row), toolsCell(row));
}

const KINDS = ["air", "wastewater", "emission", "surface_water", "ground_water", "hydromet", "vehicle", "intake", "forwarder", "clock"];
const kindWord = (kind) => `kind.${KINDS.includes(kind) ? kind : "service"}`;

export function resultRow(text, failed, close) {
  return element("tr", { class: `result${failed ? " failed" : ""}` }, element("td", { colspan: "6", role: "status" }, text, " ",
    element("button", { type: "button", class: "quiet", onclick: close }, t("action.dismiss"))));
}
