// Charts over time: drag, wheel or keys zoom, a double click resets; one cursor over all of a group; holes stay holes.
// Flags are colour and shape, limits are lines, a person's number stands beside the station's. Times are +07:00 anywhere.
import { number, t } from "./words.js";

const ICT_S = 7 * 3600;
export const HEIGHT = 190;
const STEPS = [60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 432000, 864000];
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const FLAGS = { 3: ["--amber", "half"], 4: ["--red", "square"], 2: ["--grey", "ring"] };
const RING_LIMIT = 400;

let library;
// the library, or undefined where the machine has none
export async function loadLibrary() {
  library ??= await import("./vendor/uplot/uPlot.esm.js").then((module) => module.default, () => undefined);
  return library;
}

// chart time is Vietnamese seconds, so that ticks fall on its hours and days whatever zone the browser lives in
export const toChart = (iso) => Date.parse(iso) / 1000 + ICT_S;
export const toIso = (x) => `${new Date(Math.round(x) * 1000).toISOString().slice(0, 19)}+07:00`;
const two = (value) => String(value).padStart(2, "0");
export function moment(x, withDay = true) {
  const date = new Date(x * 1000);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}${withDay ? ` ${two(date.getUTCDate())}/${two(date.getUTCMonth() + 1)}` : ""}`;
}
const tick = (x, step) => (x % 86400 === 0 || step >= 86400 ? moment(x).slice(6) : moment(x, false));
export const figure = (value) => (value == null ? "–" : Number(value.toPrecision(5)).toString());

function columns(series, start) {
  const raw = new Map(series.offset_s.map((offset, i) => [start + offset, [series.value[i], series.flag[i]]]));
  const mended = new Map(series.corrected.map(({ offset_s, value }) => [start + offset_s, value]));
  for (const x of mended.keys()) if (!raw.has(x)) raw.set(x, [null, null]);
  const xs = [...raw.keys()].sort((a, b) => a - b);
  const values = xs.map((x) => raw.get(x)[0]), flags = xs.map((x) => raw.get(x)[1]);
  // the corrected line leaves the raw one where a number was replaced, and joins it again
  const near = (i) => mended.has(xs[i - 1]) || mended.has(xs[i + 1]);
  const corrected = xs.map((x, i) => mended.get(x) ?? (near(i) ? values[i] : null));
  return { data: [xs, values, ...(mended.size ? [corrected] : [])], flags, mended };
}

function shape(context, kind, x, y, size) {
  context.beginPath();
  if (kind === "square") context.rect(x - size, y - size, 2 * size, 2 * size);
  else if (kind === "diamond") { context.moveTo(x, y - size * 1.3); context.lineTo(x + size * 1.3, y); context.lineTo(x, y + size * 1.3); context.lineTo(x - size * 1.3, y); context.closePath(); }
  else context.arc(x, y, size, 0, 7);
}

// the half disc of a suspect value, as on every other page: its right half is empty
function halve(context, x, y, size, tone) {
  context.beginPath();
  context.arc(x, y, size, -Math.PI / 2, Math.PI / 2);
  context.fillStyle = css("--card");
  context.fill();
  context.beginPath();
  context.arc(x, y, size, 0, 7);
  context.strokeStyle = tone;
  context.stroke();
}

function drawMarks(plot, held) {
  const { ctx: context } = plot, ratio = devicePixelRatio, { left, top, width, height } = plot.bbox;
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.font = `${12 * ratio}px ${css("--sans")}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  for (const { value, word } of held.limits) {
    const y = Math.round(plot.valToPos(value, "y", true));
    context.strokeStyle = context.fillStyle = css("--red");
    context.lineWidth = 1.5 * ratio;
    context.setLineDash([7 * ratio, 4 * ratio]);
    context.beginPath(); context.moveTo(left, y); context.lineTo(left + width, y); context.stroke();
    context.setLineDash([]);
    context.fillText(word, left + 6 * ratio, y - 5 * ratio > top + 12 * ratio ? y - 5 * ratio : y + 14 * ratio);
  }
  const [xs, values] = plot.data, { min, max } = plot.scales.x;
  const rings = held.flags.filter((flag) => flag === 2).length <= RING_LIMIT;
  for (let i = 0; i < xs.length; i++) {
    const look = FLAGS[held.flags[i]];
    if (!look || values[i] == null || xs[i] < min || xs[i] > max || (look[1] === "ring" && !rings)) continue;
    shape(context, look[1], plot.valToPos(xs[i], "x", true), plot.valToPos(values[i], "y", true), (look[1] === "ring" ? 2.5 : 4) * ratio);
    context.fillStyle = look[1] === "ring" ? css("--card") : css(look[0]);
    context.strokeStyle = look[1] === "ring" ? css(look[0]) : css("--card");
    context.lineWidth = ratio;
    context.fill(); context.stroke();
    if (look[1] === "half") halve(context, plot.valToPos(xs[i], "x", true), plot.valToPos(values[i], "y", true), 4 * ratio, css(look[0]));
  }
  for (const [x, value] of held.mended) {
    shape(context, "diamond", plot.valToPos(x, "x", true), plot.valToPos(value, "y", true), 4 * ratio);
    context.fillStyle = css("--blue"); context.strokeStyle = css("--card"); context.lineWidth = ratio;
    context.fill(); context.stroke();
  }
  context.restore();
}

function reach(held) {
  return (_plot, low, high) => {
    if (low == null) return [0, 1];
    const span = high - low || Math.abs(high) || 1;
    // a limit that is near is shown, one that is far would press the line flat
    for (const { value } of held.limits) if (value > low - span * 1.5 && value < high + span * 1.5) { low = Math.min(low, value); high = Math.max(high, value); }
    return [low - span * 0.06, high + span * 0.08];
  };
}

// One parameter. `series` is one of the API's, `start` its `from` in chart time; `view` is [from, to] in chart time.
export function drawChart(place, { series, start, view, limits = [], group, onView, onReset }) {
  const held = { ...columns(series, start), limits };
  const readout = place.querySelector("output"), ground = place.querySelector(".plot");
  const told = () => held.data[1].filter((value) => value != null);
  const say = (plot) => {
    const i = plot.cursor.idx;
    if (i == null || held.data[0][i] === undefined) { readout.textContent = ""; return; }
    const flag = held.flags[i], mended = held.mended.get(held.data[0][i]);
    readout.textContent = [moment(held.data[0][i]), `${figure(held.data[1][i])} ${series.unit}`, flag && t(`flag.${flag}`),
      mended !== undefined && `${t("chart.corrected")} ${figure(mended)}`].filter(Boolean).join(" · ");
  };
  const options = {
    width: ground.clientWidth, height: HEIGHT, legend: { show: false }, padding: [8, 12, 0, 0],
    cursor: { sync: { key: group, setSeries: false }, drag: { x: true, y: false, setScale: false }, points: { size: 7 }, focus: { prox: 30 },
      bind: { dblclick: () => () => { onReset(); return null; } } },
    scales: { x: { time: false, min: view[0], max: view[1], range: (_plot, min, max) => [min, max] }, y: { range: reach(held) } },
    axes: axes(),
    series: [{}, { stroke: css("--brand"), width: 1.6, points: { show: (_plot, _i, from, to) => to - from < 80, size: 4 }, spanGaps: false },
      ...(held.mended.size ? [{ stroke: css("--blue"), width: 2, dash: [5, 3], points: { show: false }, spanGaps: false }] : [])],
    hooks: {
      draw: [(plot) => drawMarks(plot, held)],
      setCursor: [say],
      setSelect: [(plot) => {
        const { left, width } = plot.select;
        if (width > 4) onView(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
        plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
      }],
    },
  };
  const plot = new library(options, held.data, ground);
  const box = plot.root;
  const low = Math.min(...told()), high = Math.max(...told()), last = told().at(-1);
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", t("chart.plot", { parameter: series.parameter, count: number(series.count), low: figure(low), high: figure(high), last: figure(last) }));
  bindView(plot, { onView, onReset });
  const show = ([from, to]) => plot.setScale("x", { min: from, max: to });
  const resize = new ResizeObserver(() => plot.setSize({ width: ground.clientWidth, height: HEIGHT }));
  resize.observe(ground);
  return { show, destroy: () => { resize.disconnect(); plot.destroy(); } };
}

// the two axes of every chart: Vietnamese hours and days below, plain numbers at the side
export function axes() {
  const axis = { stroke: css("--faint"), grid: { stroke: css("--line"), width: 1 }, ticks: { stroke: css("--line"), width: 1, size: 4 }, font: `12px ${css("--sans")}` };
  return [{ ...axis, incrs: STEPS, space: 64, size: 32, values: (_plot, splits, _i, _space, step) => splits.map((x) => tick(x, step)) },
    { ...axis, size: 62, values: (_plot, splits) => splits.map(figure) }];
}

// wheel and keys: zoom, pan, walk from value to value
export function bindView(plot, { onView, onReset }) {
  const box = plot.root;
  box.tabIndex = 0;
  const zoom = (factor, x) => {
    const { min, max } = plot.scales.x, middle = x ?? (min + max) / 2;
    onView(middle - (middle - min) * factor, middle + (max - middle) * factor);
  };
  plot.over.addEventListener("mousedown", () => box.focus({ preventScroll: true }));
  plot.over.addEventListener("wheel", (event) => {
    // an unfocused chart lets the page scroll
    if (document.activeElement !== box && !event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 0.75 : 1 / 0.75, plot.posToVal(plot.cursor.left, "x"));
  }, { passive: false });
  box.addEventListener("keydown", (event) => {
    const { min, max } = plot.scales.x, step = (max - min) / 5, by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by && event.shiftKey) onView(min + by * step, max + by * step);
    else if (by) walk(plot, by);
    else if (event.key === "+" || event.key === "=") zoom(0.6);
    else if (event.key === "-") zoom(1 / 0.6);
    else if (event.key === "0" || event.key === "Escape") onReset();
    else return;
    event.preventDefault();
  });
}

function walk(plot, by) {
  const xs = plot.data[0], { min, max } = plot.scales.x;
  let i = plot.cursor.idx;
  do i = i == null ? (by > 0 ? xs.findIndex((x) => x >= min) : xs.findLastIndex((x) => x <= max)) : i + by;
  while (xs[i] !== undefined && plot.data[1][i] == null);
  if (xs[i] === undefined || xs[i] < min || xs[i] > max) return;
  plot.setCursor({ left: plot.valToPos(xs[i], "x"), top: plot.valToPos(plot.data[1][i], "y") });
}
