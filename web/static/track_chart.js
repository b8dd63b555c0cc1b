// Speed over time with the limit of each place, violations as bands, defects as diamonds; its cursor is the map's.
import { HEIGHT, axes, bindView, loadLibrary } from "./charts.js";
import { css } from "./ground.js";
import { t } from "./words.js";

export async function makeTrackChart(figureBox, { onPoint, onView, onReset }) {
  const library = await loadLibrary(), ground = figureBox.querySelector(".plot"), readout = figureBox.querySelector("output");
  let plot, bands = [], chosen = "", flawed = [], say = () => "";
  if (!library) { readout.textContent = t("chart.missing"); return { draw() {}, show() {}, point() {}, choose() {} }; }

  function drawBands(each) {
    const { ctx: pen, bbox: { left, top, width, height } } = each, ratio = devicePixelRatio;
    pen.save();
    pen.beginPath(); pen.rect(left, top, width, height); pen.clip();
    for (const { key, xs: [from, to] } of bands) {
      const x = each.valToPos(from, "x", true), wide = Math.max(4 * ratio, each.valToPos(to, "x", true) - x);
      pen.globalAlpha = key === chosen ? 0.26 : 0.14;
      pen.fillStyle = css("--red");
      pen.fillRect(x, top, wide, height);
      pen.globalAlpha = 1;
      pen.fillRect(x, top, wide, 4 * ratio);
    }
    pen.restore();
  }

  function drawFlaws(each) {
    const { ctx: pen, bbox: { left, top, width, height } } = each, size = 5 * devicePixelRatio;
    pen.save();
    pen.beginPath(); pen.rect(left, top, width, height); pen.clip();
    pen.strokeStyle = css("--amber"); pen.fillStyle = css("--card"); pen.lineWidth = 1.6 * devicePixelRatio;
    for (const i of flawed) {
      const x = each.valToPos(each.data[0][i], "x", true), y = each.valToPos(each.data[1][i] ?? 0, "y", true);
      pen.beginPath();
      pen.moveTo(x, y - size); pen.lineTo(x + size, y); pen.lineTo(x, y + size); pen.lineTo(x - size, y); pen.closePath();
      pen.fill(); pen.stroke();
    }
    pen.restore();
  }

  function draw({ data, view, cases, faulty, holeS, words, label }) {
    plot?.destroy();
    bands = cases;
    flawed = faulty;
    say = words;
    // nothing is drawn where nothing was said for too long
    const gaps = (each, _series, from, to, holes) => {
      for (let i = from + 1; i <= to; i++) if (data[0][i] - data[0][i - 1] > holeS) holes.push([i - 1, i].map((at) => Math.round(each.valToPos(data[0][at], "x", true))));
      return holes.sort(([a], [b]) => a - b);
    };
    plot = new library({
      width: ground.clientWidth, height: HEIGHT, legend: { show: false }, padding: [10, 12, 0, 0],
      cursor: { drag: { x: true, y: false, setScale: false }, points: { size: 8 }, bind: { dblclick: () => () => { onReset(); return null; } } },
      scales: { x: { time: false, min: view[0], max: view[1], range: (_plot, min, max) => [min, max] }, y: { range: (_plot, _low, high) => [0, Math.max(60, (high ?? 0) * 1.1)] } },
      axes: axes(),
      series: [{}, { stroke: css("--brand"), width: 1.8, gaps, points: { show: (_plot, _i, from, to) => to - from < 120, size: 4 } },
        { stroke: css("--red"), width: 1.6, dash: [7, 4], gaps, points: { show: false }, paths: library.paths.stepped({ align: 1 }) }],
      hooks: {
        drawAxes: [drawBands],
        draw: [drawFlaws],
        setCursor: [({ cursor: { idx } }) => { readout.textContent = idx == null ? "" : say(idx); onPoint(idx); }],
        setSelect: [(each) => {
          const { left, width } = each.select;
          if (width > 4) onView(each.posToVal(left, "x"), each.posToVal(left + width, "x"));
          each.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
        }],
      },
    }, data, ground);
    plot.root.setAttribute("role", "img");
    plot.root.setAttribute("aria-label", label);
    bindView(plot, { onView, onReset });
  }
  new ResizeObserver(() => plot?.setSize({ width: ground.clientWidth, height: HEIGHT })).observe(ground);

  return {
    draw,
    show: ([from, to]) => plot?.setScale("x", { min: from, max: to }),
    choose: (key) => { chosen = key; plot?.redraw(); },
    point: (i) => {
      if (plot && plot.cursor.idx !== i) plot.setCursor({ left: plot.valToPos(plot.data[0][i], "x"), top: plot.valToPos(plot.data[1][i] ?? 0, "y") });
    },
  };
}
