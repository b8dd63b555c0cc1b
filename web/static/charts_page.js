// The charts of a station: one per parameter on one time axis; the range, the zoom and the choice live in the URL.
import { ask } from "./ask.js";
import { drawChart, figure, loadLibrary, toChart, toIso } from "./charts.js";
import { serverNow } from "./frame.js";
import { element } from "./rows.js";
import { number, t } from "./words.js";

const at = (id) => document.getElementById(id);
const place = at("charts"), station = place.dataset.station, base = `/api/v1/stations/${encodeURIComponent(station)}`;
const HOURS = { day: 24, week: 168, month: 720 }, ZOOM_MS = 250, LEAST_S = 300;
const asked = new URLSearchParams(location.search);
let range = HOURS[asked.get("range")] ? asked.get("range") : asked.get("from") ? "" : "day";
let chosen = new Set(asked.getAll("parameter")), fixed = [asked.get("from"), asked.get("to")];
let limits = [], answer, charts = [], whole, view, names = [];

const nowX = () => Math.floor(serverNow() / 1000) + 7 * 3600;
function wholeRange() {
  if (range) return [nowX() - HOURS[range] * 3600, nowX()];
  const zoned = (text) => (/[+Z]/.test(text.slice(10)) ? text : `${text.length < 17 ? `${text}:00` : text}+07:00`);
  return [toChart(zoned(fixed[0])), fixed[1] ? toChart(zoned(fixed[1])) : nowX()];
}

function keepUrl() {
  const kept = new URLSearchParams(range ? { range } : { from: fixed[0], to: fixed[1] ?? "" });
  for (const name of chosen) kept.append("parameter", name);
  history.replaceState(null, "", `${location.pathname}?${kept}`);
}

const isZoomed = () => view[0] > whole[0] + 1 || view[1] < whole[1] - 1;
let turn = 0;
async function load(span) {
  const mine = ++turn;
  const query = new URLSearchParams({ from: toIso(span[0]), to: toIso(span[1]), points: Math.max(300, Math.min(2000, place.clientWidth)) });
  try {
    const { value } = await ask(`${base}/series?${query}`);
    if (mine !== turn) return;
    answer = value;
    draw();
  } catch (error) { at("told").textContent = t("chart.failed", { detail: error.message }); }
}

function linesOf(parameter) {
  const own = limits.filter((limit) => limit.parameter === parameter && limit.in_force);
  const instant = own.find((limit) => ["instant", "raw"].includes(limit.averaging)) ?? own[0];
  if (!instant) return [];
  return [instant.cmax, instant.low].filter((value) => value != null).map((value) => ({ value, word: t("chart.limit", { value: figure(value) }) }));
}

function draw() {
  for (const chart of charts) chart.destroy();
  const known = answer.series.map(({ parameter }) => parameter);
  names = [...names, ...known.filter((name) => !names.includes(name))];
  drawChips();
  const shown = answer.series.filter(({ parameter, count, corrected }) => (count || corrected.length) && (!chosen.size || chosen.has(parameter)))
    .sort((a, b) => names.indexOf(a.parameter) - names.indexOf(b.parameter));
  const start = toChart(answer.from);
  place.replaceChildren();
  charts = shown.map((series) => {
    const lines = linesOf(series.parameter);
    const box = element("figure", { class: "chart card" },
      element("figcaption", {}, element("b", {}, series.parameter), ` ${series.unit} `, lines.length ? element("small", { class: "limit" }, lines.map(({ word }) => word).join(" · ")) : "",
        series.corrected.length ? element("small", { class: "layers" }, `━ ${t("chart.raw")}  ◆ ${t("chart.corrected")}`) : "", element("output", { "aria-live": "polite" })),
      element("div", { class: "plot" }));
    place.append(box);
    return drawChart(box, { series, start, view, limits: lines, group: "station", onView: setView, onReset: () => setView(...whole) });
  });
  at("reset").hidden = !isZoomed();
  const count = shown.reduce((sum, series) => sum + series.count, 0), drawn = shown.reduce((sum, series) => sum + series.value.filter((value) => value != null).length, 0);
  const bucket = answer.bucket_s && (answer.bucket_s < 5400 ? t("chart.minutes", { count: Math.round(answer.bucket_s / 60) }) : t("chart.hours", { count: figure(answer.bucket_s / 3600) }));
  at("told").textContent = !count ? t("chart.empty") : bucket ? t("chart.reduced", { bucket, shown: number(drawn), count: number(count) }) : t("chart.whole", { count: number(count) });
}

let zooming;
function setView(from, to) {
  const least = Math.max(LEAST_S, to - from);
  from = Math.max(whole[0], Math.min(from, whole[1] - least));
  view = [from, Math.min(whole[1], from + least)];
  for (const chart of charts) chart.show(view);
  at("reset").hidden = !isZoomed();
  clearTimeout(zooming);
  // what is drawn is enough where it is not reduced and holds the view
  const covers = toChart(answer.from) <= view[0] + 1 && toChart(answer.to) >= view[1] - 1;
  if (answer.bucket_s || !covers) zooming = setTimeout(() => load(view), ZOOM_MS);
}

function drawChips() {
  at("parameters").replaceChildren(...names.map((name) => element("button", { type: "button", "aria-pressed": String(chosen.has(name)), onclick: () => {
    chosen = new Set(chosen.has(name) ? [...chosen].filter((each) => each !== name) : [...chosen, name]);
    keepUrl();
    draw();
  } }, name)));
}

function start() {
  whole = wholeRange();
  view = [...whole];
  for (const button of document.querySelectorAll("[data-range]")) button.setAttribute("aria-pressed", String(button.dataset.range === range));
  const form = at("span").elements;
  form.from.value = toIso(whole[0]).slice(0, 16);
  form.to.value = toIso(whole[1]).slice(0, 16);
  keepUrl();
  return load(whole);
}

if (await loadLibrary()) {
  names = JSON.parse(at("parameters").dataset.all);
  limits = await ask(`${base}/limits`).then(({ value }) => value, () => []);
  await start();
  at("ranges").addEventListener("click", (event) => { const button = event.target.closest("[data-range]"); if (button) { range = button.dataset.range; start(); } });
  at("span").addEventListener("submit", (event) => {
    event.preventDefault();
    const { from, to } = event.target.elements;
    range = "";
    fixed = [from.value, to.value];
    start();
  });
  at("reset").addEventListener("click", () => setView(...whole));
  // new data move a range that ends now, unless somebody is looking closer
  document.addEventListener("fresh", () => { if (range && !isZoomed()) start(); });
  new MutationObserver(() => answer && draw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
} else {
  at("told").textContent = t("chart.missing");
  at("told").className = "complaint";
}
