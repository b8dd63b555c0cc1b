// A vehicle's period: one track on the map, its speeds on the chart, its violations as a list, all with one cursor and one
// view. The period and the chosen violation live in the URL.
import { ask } from "./ask.js";
import { figure, moment, toChart, toIso } from "./charts.js";
import { serverNow } from "./frame.js";
import { showMessages } from "./messages.js";
import { element } from "./rows.js";
import { makeTrackChart } from "./track_chart.js";
import { makeTrackMap } from "./track_map.js";
import { about } from "./violation_words.js";
import { known, number, t } from "./words.js";

const at = (id) => document.getElementById(id);
const place = at("period"), { plate } = place.dataset, base = `/api/v1/vehicles/${encodeURIComponent(plate)}`;
const DAY_S = 86400, LEAST_S = 60, ZOOM_MS = 250, PAD_S = 120, HOLE_S = 900, MOVED_MS = 2000;
let whole = [toChart(place.dataset.from), toChart(place.dataset.to)], live = place.dataset.live === "yes";
let chosen = place.dataset.violation, view = [...whole], track, start = 0, cases = [], map, chart, messages;

const nowX = () => Math.floor(serverNow() / 1000) + 7 * 3600;
const midnight = (x) => Math.floor(x / DAY_S) * DAY_S;
const isZoomed = () => view[0] > whole[0] + 1 || view[1] < whole[1] - 1;

function keepUrl() {
  const kept = new URLSearchParams();
  if (!live) { kept.set("from", toIso(whole[0])); kept.set("to", toIso(whole[1])); }
  if (chosen) kept.set("violation", chosen);
  history.replaceState(null, "", `${location.pathname}${kept.size ? `?${kept}` : ""}`);
}

// ------------------------------------------------------------------ what the server says

let turn = 0;
async function load(span = whole) {
  const mine = ++turn, query = new URLSearchParams({ from: toIso(span[0]), to: toIso(span[1]) });
  try {
    const [{ value }, { value: found }] = await Promise.all([ask(`${base}/track?${query}`), ask(`${base}/violations?${new URLSearchParams({ from: toIso(whole[0]), to: toIso(whole[1]) })}`)]);
    if (mine !== turn) return false;
    track = value;
    start = toChart(value.from);
    cases = found.map(caseOf).sort((a, b) => a.xs[0] - b.xs[0]);
    return true;
  } catch (error) {
    at("told").textContent = t("chart.failed", { detail: error.message });
    at("told").className = "complaint";
    return false;
  }
}

function caseOf(row, i) {
  const from = toChart(row.start), to = row.end ? toChart(row.end) : nowX();
  const speed = row.v_kmh == null ? "" : t("track.case_speed", { v: figure(row.v_kmh), limit: figure(row.limit_kmh), excess: figure(row.excess_kmh) });
  const name = known(`violation.${row.kind}`) ?? row.kind, length = lasting(to - from);
  return { key: row.id ?? `open-${row.kind}-${i}`, row, xs: [from, to], span: [from - start, to - start], name, speed, length,
    words: [name, `${moment(from, false)}–${row.end ? moment(to, false) : "…"}`, speed].filter(Boolean).join(" · ") };
}

function lasting(seconds) {
  const minutes = Math.round(seconds / 60);
  return seconds < 90 ? t("track.seconds", { count: Math.round(seconds) }) : minutes < 90 ? t("track.minutes", { count: minutes }) : t("track.hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

// ------------------------------------------------------------------ drawing

const holeS = () => Math.max(HOLE_S, (track.bucket_s ?? 0) * 2);

function readout(i) {
  const { offset_s, speed_kmh, limit_kmh, driver, drivers } = track, faults = new Map(track.faults).get(i) ?? [];
  return [moment(start + offset_s[i]), `${figure(speed_kmh[i])} km/h`, limit_kmh[i] == null ? "" : t("track.of_limit", { limit: figure(limit_kmh[i]) }),
    drivers[driver[i]], ...faults.map((fault) => `◇ ${t(`defect.${fault}`)}`)].filter(Boolean).join(" · ");
}

function draw() {
  const { offset_s, speed_kmh, limit_kmh, faults, count } = track;
  map.choose(chosen);
  map.draw(track, cases, holeS());
  chart.choose(chosen);
  chart.draw({ data: [offset_s.map((offset) => start + offset), speed_kmh, limit_kmh], view, cases, faulty: faults.map(([i]) => i), holeS: holeS(), words: readout,
    label: t("track.plot", { count: number(count), high: figure(speed_kmh.reduce((a, b) => Math.max(a, b), 0)), violations: number(cases.length) }) });
  drawCases();
  const reduced = track.bucket_s && t("track.reduced", { shown: number(offset_s.length), count: number(count) });
  at("told").className = "faint";
  at("told").textContent = count ? [reduced || t("track.count", { count: number(count) }), map.note()].filter(Boolean).join(" · ") : t("track.empty");
  at("flaws").textContent = faults.length ? t("track.flaws", { count: number(faults.length) }) : t("track.no_flaws");
  at("flaws").classList.toggle("flawed", faults.length > 0);
  at("reset").hidden = !isZoomed();
  performance.mark("track");
}

function drawCases() {
  const line = (each) => element("li", {}, element("button", { type: "button", class: "case", "aria-pressed": String(each.key === chosen), onclick: () => choose(each) },
    element("b", {}, `▲ ${each.name}`), element("span", {}, `${moment(each.xs[0])} – ${each.row.end ? moment(each.xs[1], midnight(each.xs[0]) !== midnight(each.xs[1])) : "…"} · ${each.length}`),
    each.speed ? element("span", { class: "over" }, `${each.speed}${each.row.band ? ` · ${t("track.band", { band: each.row.band })}` : ""}`) : "",
    about(each.row, plate) ? element("span", {}, about(each.row, plate)) : "",
    element("small", {}, [each.row.driver && t("track.driven_by", { driver: each.row.driver }), each.row.closed ? "" : t("track.not_closed"), each.row.article].filter(Boolean).join(" · "))));
  at("cases").replaceChildren(...(cases.length ? cases.map(line) : [element("li", { class: "faint" }, t("track.no_violations"))]));
}

function showForm() {
  const form = at("span").elements;
  form.from.value = toIso(whole[0]).slice(0, 16);
  form.to.value = toIso(whole[1]).slice(0, 16);
  at("day").value = toIso(whole[0]).slice(0, 10);
  at("day-after").disabled = midnight(whole[0]) >= midnight(nowX());
}

// ------------------------------------------------------------------ what the person does

let zooming;
async function setView(from, to) {
  const wide = Math.min(whole[1] - whole[0], Math.max(LEAST_S, to - from));
  from = Math.max(whole[0], Math.min(from, whole[1] - wide));
  view = [from, from + wide];
  chart.show(view);
  map.fit(isZoomed() ? [view[0] - start, view[1] - start] : null);
  at("reset").hidden = !isZoomed();
  clearTimeout(zooming);
  zooming = setTimeout(async () => {
    messages.show(view);
    // what is drawn is enough where it is not reduced and holds the view
    const covers = start <= view[0] + 1 && toChart(track.to) >= view[1] - 1;
    if ((track.bucket_s || !covers) && (await load(isZoomed() ? view : whole))) draw();
  }, ZOOM_MS);
}

function reset() {
  chosen = "";
  map.choose("");
  keepUrl();
  setView(...whole);
  map.draw(track, cases, holeS());
  chart.choose("");
  drawCases();
}

function choose(each) {
  chosen = each.key;
  keepUrl();
  map.choose(chosen);
  chart.choose(chosen);
  drawCases();
  map.draw(track, cases, holeS());
  const pad = Math.max(PAD_S, (each.xs[1] - each.xs[0]) * 0.15);
  setView(each.xs[0] - pad, each.xs[1] + pad);
}

async function open(from, to, isLive = false) {
  [whole, live, chosen] = [[from, to], isLive, ""];
  view = [...whole];
  keepUrl();
  showForm();
  if (!(await load())) return;
  draw();
  map.fit(null);
  messages.show(view);
}

const today = () => open(midnight(nowX()), nowX(), true);
const day = (x) => (midnight(x) >= midnight(nowX()) ? today() : open(midnight(x), midnight(x) + DAY_S - 1));

// the map's push link tells of each message; a page that shows another day does not listen
let moving = 0;
function follow() {
  if (!live) return;
  const source = new EventSource(`/api/v1/map/events?${new URLSearchParams({ bbox: "-180,-90,180,90", q: plate, limit: "50" })}`);
  source.addEventListener("moved", (event) => {
    if (!JSON.parse(event.data).vehicles.plate.includes(plate) || !live) return;
    moving ||= setTimeout(() => { moving = 0; document.dispatchEvent(new Event("moved")); }, MOVED_MS);
  });
}

async function begin() {
  map = makeTrackMap(at("map"), { onPoint: (i) => chart.point(i), onCase: choose });
  chart = await makeTrackChart(place.querySelector("figure"), { onPoint: (i) => map.point(i), onView: setView, onReset: reset });
  messages = showMessages(at("messages"), base);
  showForm();
  if (await load()) {
    draw();
    map.fit(null);
    const asked = cases.find(({ key }) => key === chosen);
    if (asked) choose(asked);
  }
  messages.show(view);
  at("day-before").addEventListener("click", () => day(whole[0] - DAY_S));
  at("day-after").addEventListener("click", () => day(whole[0] + DAY_S));
  at("day").addEventListener("change", ({ target: { value } }) => { if (value) day(toChart(`${value}T00:00:00+07:00`)); });
  at("today").addEventListener("click", today);
  at("reset").addEventListener("click", reset);
  at("span").addEventListener("submit", (event) => {
    event.preventDefault();
    const { from, to } = event.target.elements, zoned = ({ value }) => toChart(`${value}:00+07:00`);
    open(zoned(from), zoned(to));
  });
  document.addEventListener("click", ({ target }) => { if (target.id === "here") map.go(Number(target.dataset.lat), Number(target.dataset.lon)); });
  // new positions move a day that is still going on, unless somebody is looking closer
  document.addEventListener("fresh", async () => {
    if (!live || isZoomed()) return;
    whole = view = [midnight(nowX()), nowX()];
    if (await load()) draw();
  });
  follow();
  new MutationObserver(() => track && draw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

if (window.L) begin();
else { at("told").textContent = t("chart.missing"); at("told").className = "complaint"; }
