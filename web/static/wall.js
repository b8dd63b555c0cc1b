// The wall screen: draws what the server pushes, counts how old it is, and says so over everything when it is too old.
import { element, mark } from "./rows.js";
import { known, minute, number, t } from "./words.js";

const TOO_OLD_MS = 8_000;
const { token } = document.body.dataset;
const at = (id) => document.getElementById(id);
let serverMs, heardMs, source;

// ------------------------------------------------------------------ drawing

const states = (line) => [
  line.actor && mark("actor", line.actor, t(`actor.${line.actor}`)),
  ["silent", "late"].includes(line.data) && mark("data", line.data, t(`wall.${line.data}`)),
  line.exceeding && element("span", { class: "over" }, `▲ ${t("data.exceeding")}`),
  line.delivery && mark("delivery", line.delivery, t(`delivery.${line.delivery}`, { count: "" })),
].filter(Boolean);

function since(line) {
  if (!line.since) return line.data && line.data !== "fresh" ? t("data.nothing") : "";
  const day = line.since.slice(0, 10) === iso().slice(0, 10) ? "" : `${line.since.slice(8, 10)}/${line.since.slice(5, 7)} `;
  return t("wall.last", { time: day + minute(line.since) });
}

const titleOf = (line) => known(`service.${line.kind}_${line.title}`) ?? known(`service.${line.title}`) ?? line.title;
const drawLine = (line) => element("article", { class: line.rank >= 45 ? "alarm" : "warn" },
  element("h2", {}, titleOf(line), element("small", {}, known(`kind.${line.kind}`) ?? t("kind.service"))),
  element("p", {}, ...states(line)), element("time", {}, since(line)));

const figure = (value, word, look) => element("div", { class: value ? look : "calm" }, element("b", {}, number(value)), element("span", {}, word));
const group = (title, ...figures) => element("section", {}, element("h2", {}, title), element("div", { class: "figures" }, ...figures));
const sources = (word, counts) => group(`${t(word)} · ${number(counts.total)}`,
  figure(counts.silent, t("wall.silent"), "red"), figure(counts.late, t("wall.late"), "amber"),
  figure(counts.exceeding, t("data.exceeding"), "red"), figure(counts.fresh, t("data.fresh"), "green"));

function draw(view) {
  const wrong = view.stations.silent + view.vehicles.silent;
  const red = view.lines.some((line) => line.rank >= 45), amber = view.lines.length > 0;
  const words = !view.balanced ? t("verdict.unbalanced") : wrong ? t("verdict.silent", { count: number(wrong) })
    : red || amber ? t("wall.attention", { count: number(view.lines.length + view.more) }) : `✓ ${t("verdict.calm")}`;
  at("verdict").className = !view.balanced || red ? "red" : amber ? "amber" : "green";
  at("verdict").textContent = words;
  at("lines").replaceChildren(...view.lines.map(drawLine),
    view.more ? element("p", { class: "more" }, t("wall.more", { count: number(view.more) })) : "");
  at("counts").replaceChildren(sources("wall.stations", view.stations), sources("wall.vehicles", view.vehicles),
    group(t("destinations.title"), ...view.forwards.map((forward) =>
      element("div", { class: "forward" }, element("b", {}, forward.name), mark("delivery", forward.state, t(`delivery.${forward.state}`, { count: number(forward.queued) }))))),
    group(t("wall.people"), figure(view.waiting.review, t("nav.review"), "amber"), figure(view.waiting.notices, t("nav.notices"), "amber")));
}

// ------------------------------------------------------------------ clock and age

const nowMs = () => serverMs + performance.now() - heardMs;
const iso = () => new Date(nowMs() + 7 * 3600e3).toISOString();

function hear(text) {
  serverMs = Date.parse(text);
  heardMs = performance.now();
}

function tick() {
  if (heardMs === undefined) return;
  const text = iso(), age = performance.now() - heardMs, old = age > TOO_OLD_MS;
  const last = new Date(serverMs + 7 * 3600e3).toISOString().slice(11, 19);
  at("clock").textContent = text.slice(11, 19);
  at("day").textContent = `${text.slice(8, 10)}/${text.slice(5, 7)}/${text.slice(0, 4)}`;
  at("fresh").textContent = t("wall.updated", { time: last, age: Math.floor(age / 1000) });
  document.body.classList.toggle("old", old);
  at("stale").hidden = !old;
  at("stale").textContent = t("wall.stale", { time: last });
}

function connect() {
  source = new EventSource(`/wall/${token}/events`);
  source.addEventListener("wall", (event) => { const view = JSON.parse(event.data); hear(view.now); draw(view); tick(); });
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(connect, 3000); };
}

setInterval(tick, 250);
connect();
// a screen that hangs for weeks takes a new version of the page at night
setInterval(() => { if (serverMs && iso().slice(11, 16) === "04:00") location.reload(); }, 60_000);
