// Lets an episode's charts zoom together; where the library is missing the pictures of the server stay.
import { drawChart, loadLibrary, toChart } from "./charts.js";

const { from, to } = document.getElementById("episode").dataset;
const whole = [toChart(from), toChart(to)];
let charts = [], view = whole;

function setView(start, end) {
  view = [Math.max(whole[0], start), Math.min(whole[1], end)];
  for (const chart of charts) chart.show(view);
}

if (await loadLibrary()) {
  charts = [...document.querySelectorAll("[data-plot]")].map((place) => {
    const { series, limits } = JSON.parse(place.dataset.plot);
    place.querySelector(".plot").replaceChildren();
    return drawChart(place, { series, limits, start: whole[0], view, group: "episode", onView: setView, onReset: () => setView(...whole) });
  });
}
