// The map: graticule, zones, stations and vehicles on one canvas; asked again for what the window shows.
import { ask } from "./ask.js";
import { number, t } from "./words.js";

const EVERY_MS = 5000, START = [[20.3, 105.2], [21.6, 107.0]];
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const TONES = { fresh: "--green", late: "--amber", silent: "--red", backfilling: "--blue", maintenance: "--blue" };
const told = document.getElementById("told"), form = document.getElementById("filters"), L = window.L;

if (!L) told.textContent = t("chart.missing");
else start();

function start() {
  const map = L.map("map", { preferCanvas: true, attributionControl: false, zoomAnimation: false }).fitBounds(START);
  const grid = L.layerGroup().addTo(map), zones = L.layerGroup().addTo(map), things = L.layerGroup().addTo(map);
  const tone = (state) => css(TONES[state] ?? "--grey");

  // an arrow along the heading; a square is silent, a ring never moved or has no heading
  const Vehicle = L.CircleMarker.extend({
    _updatePath() {
      const { _ctx: pen, _drawing } = this._renderer, { x, y } = this._point, { heading, state } = this.options;
      if (!_drawing || this._empty()) return;
      const size = 7, turn = ((heading ?? 0) * Math.PI) / 180;
      const corners = state === "silent" ? [[-5, -5], [5, -5], [5, 5], [-5, 5]]
        : heading == null ? [[0, -6], [6, 0], [0, 6], [-6, 0]] : [[0, -size * 1.3], [size * 0.8, size], [0, size * 0.4], [-size * 0.8, size]];
      const spin = state === "silent" || heading == null ? 0 : turn;
      pen.beginPath();
      corners.forEach(([a, b], i) => pen[i ? "lineTo" : "moveTo"](x + a * Math.cos(spin) - b * Math.sin(spin), y + a * Math.sin(spin) + b * Math.cos(spin)));
      pen.closePath();
      this._renderer._fillStroke(pen, this);
    },
  });

  function drawGrid() {
    grid.clearLayers();
    const box = map.getBounds(), step = [0.01, 0.05, 0.1, 0.5, 1, 5].find((each) => (box.getEast() - box.getWest()) / each < 9) ?? 10;
    const line = (from, to, word) => {
      L.polyline([from, to], { color: css("--line"), weight: 1, interactive: false }).addTo(grid).bindTooltip(word);
    };
    for (let x = Math.ceil(box.getWest() / step) * step; x < box.getEast(); x += step) line([box.getSouth(), x], [box.getNorth(), x], `${x.toFixed(2)}°`);
    for (let y = Math.ceil(box.getSouth() / step) * step; y < box.getNorth(); y += step) line([y, box.getWest()], [y, box.getEast()], `${y.toFixed(2)}°`);
  }

  async function drawZones() {
    const { value } = await ask("/api/v1/zones");
    zones.clearLayers();
    L.geoJSON(value, { style: () => ({ color: css("--blue"), weight: 3, fillOpacity: 0.1 }),
      onEachFeature: (zone, layer) => layer.bindTooltip(`${zone.properties.name || zone.id}: ${zone.properties.limit_kmh} km/h`, { sticky: true }) }).addTo(zones);
  }

  let turn = 0;
  async function load() {
    const mine = ++turn, query = new URLSearchParams({ bbox: map.getBounds().toBBoxString(), limit: "5000" });
    for (const { name, value } of form.elements) if (value) query.set(name, value);
    try {
      const { value } = await ask(`/api/v1/map?${query}`);
      if (mine !== turn) return;
      draw(value);
      told.textContent = t("map.shown", { count: number(value.total), stations: number(value.stations.length) });
    } catch (error) { told.textContent = t("chart.failed", { detail: error.message }); }
  }

  function draw({ vehicles, cells, stations }) {
    things.clearLayers();
    const go = (layer, url) => layer.on("click", () => { location.href = url; }).addTo(things);
    for (const [x, y, count] of cells ?? []) {
      L.circleMarker([y, x], { radius: 7 + 3 * Math.log10(count), color: css("--brand"), fillOpacity: 0.5, weight: 1 })
        .bindTooltip(t("map.many", { count: number(count) })).on("click", () => map.setView([y, x], map.getZoom() + 2)).addTo(things);
    }
    for (const { code, name, lat, lon, state } of stations) {
      const layer = L.circleMarker([lat, lon], { radius: 7, color: tone(state), weight: 3, fillColor: css("--card"), fillOpacity: 1 });
      go(layer.bindTooltip(`${name || code} · ${t(`data.${state}`)}`), `/stations/${encodeURIComponent(code)}`);
    }
    vehicles?.plate.forEach((plate, i) => {
      const state = vehicles.state[i];
      const layer = new Vehicle([vehicles.lat[i], vehicles.lon[i]], { radius: 9, state, heading: vehicles.heading[i], color: css("--card"), weight: 1, fillColor: tone(state), fillOpacity: 1 });
      go(layer.bindTooltip(() => `${plate} · ${Math.round(vehicles.speed_kmh[i])} km/h · ${t(`data.${state}`)}`), `/vehicles/${encodeURIComponent(plate)}`);
    });
  }

  const all = () => { drawGrid(); load(); };
  map.on("moveend", all);
  form.addEventListener("input", load);
  form.addEventListener("submit", (event) => { event.preventDefault(); load(); });
  new MutationObserver(() => { all(); drawZones(); }).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  setInterval(() => { if (!document.hidden) load(); }, EVERY_MS);
  drawZones().catch((error) => { told.textContent = t("chart.failed", { detail: error.message }); });
  all();
}
