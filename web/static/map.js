// The live map: what the window shows comes as one view, then only what moves; a window that is too full shows counts.
import { ask } from "./ask.js";
import { css, followZones, makeMap } from "./ground.js";
import { element } from "./rows.js";
import { clock, number, t } from "./words.js";

const START = [[20.3, 105.2], [21.6, 107.0]], SOON_MS = 300, SILENCE_MS = 35_000, FOUND_MOST = 20, WORLD = "-180,-90,180,90", COUNTRY = "102,6,118,24";
const TONES = { fresh: "--green", late: "--amber", silent: "--red", backfilling: "--blue", maintenance: "--blue" };
const at = (id) => document.getElementById(id);
const told = at("told"), form = at("filters"), found = at("found"), L = window.L;

if (!L) told.textContent = t("chart.missing");
else start();

function start() {
  const kept = new URLSearchParams(location.search);
  const map = makeMap(at("map"), START);
  followZones(map);
  const counts = L.layerGroup().addTo(map), places = L.layerGroup().addTo(map), fleet = L.layerGroup().addTo(map);
  const tone = (state) => css(TONES[state] ?? "--grey");
  const words = (text) => element("span", {}, text);
  let held = new Map(), view, source, heardMs = 0, wanted = "";

  // an arrow along the heading; a square is silent, a diamond has no heading; a violation going on is ringed
  const Vehicle = L.CircleMarker.extend({
    _updatePath() {
      const { _ctx: pen, _drawing } = this._renderer, { x, y } = this._point, { heading, state, violation } = this.options;
      if (!_drawing || this._empty()) return;
      const corners = state === "silent" ? [[-5, -5], [5, -5], [5, 5], [-5, 5]]
        : heading == null ? [[0, -6], [6, 0], [0, 6], [-6, 0]] : [[0, -9], [5.6, 7], [0, 2.8], [-5.6, 7]];
      const spin = state === "silent" || heading == null ? 0 : (heading * Math.PI) / 180;
      if (violation) {
        pen.beginPath(); pen.arc(x, y, 13, 0, 7);
        pen.globalAlpha = 1; pen.strokeStyle = css("--red"); pen.lineWidth = 3; pen.stroke();
      }
      pen.beginPath();
      corners.forEach(([a, b], i) => pen[i ? "lineTo" : "moveTo"](x + a * Math.cos(spin) - b * Math.sin(spin), y + a * Math.sin(spin) + b * Math.cos(spin)));
      pen.closePath();
      this._renderer._fillStroke(pen, this);
    },
  });

  // ------------------------------------------------------------------ drawing

  const url = (plate) => `/vehicles/${encodeURIComponent(plate)}`;
  function place({ plate, lon, lat, heading, speed_kmh: speed, state, violation, time }) {
    held.get(plate)?.remove();
    const layer = new Vehicle([lat, lon], { radius: 13, state, heading, violation, color: css("--card"), weight: 1.5, fillColor: tone(state), fillOpacity: 1 });
    layer.bindTooltip(() => words([plate, `${speed == null ? "–" : Math.round(speed)} km/h`, t(`data.${state}`), clock(time), violation && `▲ ${t("map.violating")}`].filter(Boolean).join(" · ")));
    held.set(plate, layer.on("click", () => { location.href = url(plate); }).addTo(fleet));
  }

  function each(columns, take) {
    columns.plate.forEach((_, i) => take(Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i]]))));
  }

  function drawStations(stations) {
    view.stations = stations;
    places.clearLayers();
    for (const { code, name, lat, lon, state } of stations) {
      L.circleMarker([lat, lon], { radius: 7, color: tone(state), weight: 3, fillColor: css("--card"), fillOpacity: 1 })
        .bindTooltip(() => words(`${name || code} · ${t(`data.${state}`)}`)).on("click", () => { location.href = `/stations/${encodeURIComponent(code)}`; }).addTo(places);
    }
  }

  function drawAll(data) {
    view = data;
    fleet.clearLayers();
    counts.clearLayers();
    held = new Map();
    if (data.vehicles) each(data.vehicles, place);
    for (const [x, y, count] of data.cells ?? []) {
      L.marker([y, x], { icon: L.divIcon({ className: "many", html: String(number(count)), iconSize: [46, 26] }), title: t("map.many", { count: number(count) }) })
        .on("click", () => map.setView([y, x], map.getZoom() + 2)).addTo(counts);
    }
    drawStations(data.stations);
  }

  function say(now) {
    const { total, cells, stations } = view;
    told.className = "faint";
    told.textContent = [t("map.shown", { count: number(total), stations: number(stations.length) }), cells && t("map.counted"), now && t("map.live", { time: clock(now) })].filter(Boolean).join(" · ");
  }

  // ------------------------------------------------------------------ the push link

  function query() {
    const asked = new URLSearchParams({ bbox: map.getBounds().toBBoxString() });
    for (const { name, value, type, checked } of form.elements) if (name && name !== "q" && (type === "checkbox" ? checked : value)) asked.set(name, type === "checkbox" ? "true" : value);
    return asked.toString();
  }

  function follow() {
    wanted = query();
    source?.close();
    const mine = source = new EventSource(`/api/v1/map/events?${wanted}`);
    const hear = (kind, take) => mine.addEventListener(kind, (event) => {
      if (mine !== source) return;
      heardMs = performance.now();
      document.body.classList.remove("stale");
      take(JSON.parse(event.data));
    });
    hear("view", (data) => { drawAll(data); say(); if (!data.total && !data.stations.length) goWhereSomethingIs(); });
    hear("moved", (data) => {
      each(data.vehicles, place);
      for (const plate of data.gone) { held.get(plate)?.remove(); held.delete(plate); }
      view.total = data.total;
      say();
    });
    hear("stations", ({ stations }) => { drawStations(stations); say(); });
    hear("beat", ({ now }) => { if (view) say(now); });
    mine.onerror = () => {
      if (mine !== source) return;
      lost();
      // a refused stream is not tried again by the browser
      if (mine.readyState === EventSource.CLOSED) setTimeout(() => mine === source && follow(), 3000);
    };
  }

  // a province elsewhere: the first empty window moves to where there is something
  let looked = kept.has("at");
  async function goWhereSomethingIs() {
    if (looked) return;
    looked = true;
    const { value } = await ask(`/api/v1/map?${new URLSearchParams({ bbox: COUNTRY, limit: "1" })}`);
    const vehicles = value.cells ?? value.vehicles?.lon.map((lon, i) => [lon, value.vehicles.lat[i]]) ?? [];
    const points = [...vehicles.map(([lon, lat]) => [lat, lon]), ...value.stations.map(({ lat, lon }) => [lat, lon])];
    if (points.length) map.fitBounds(points, { padding: [40, 40], maxZoom: 12 });
  }

  // what is old is never shown as if it were new
  function lost() {
    document.body.classList.add("stale");
    told.className = "complaint";
    told.textContent = t("map.lost");
  }

  let waiting;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(() => { if (query() !== wanted) { keepUrl(); follow(); } }, SOON_MS); };
  setInterval(() => { if (heardMs && performance.now() - heardMs > SILENCE_MS) { lost(); heardMs = performance.now(); follow(); } }, 1000);

  // ------------------------------------------------------------------ what the person does

  function keepUrl() {
    const asked = new URLSearchParams(query()), { lat, lng } = map.getCenter();
    asked.delete("bbox");
    asked.set("at", [lat.toFixed(5), lng.toFixed(5), map.getZoom()].join(","));
    history.replaceState(null, "", `${location.pathname}?${asked}`);
  }

  let typing, turn = 0;
  async function search(q) {
    const mine = ++turn;
    found.replaceChildren();
    if (q.length < 2) return;
    const { value } = await ask(`/api/v1/map?${new URLSearchParams({ bbox: WORLD, q, limit: FOUND_MOST })}`);
    if (mine !== turn) return;
    if (!value.total) { found.append(element("li", { class: "faint" }, t("map.not_found", { q }))); return; }
    if (!value.vehicles) { found.append(element("li", { class: "faint" }, t("map.too_many_found", { count: number(value.total) }))); return; }
    each(value.vehicles, ({ plate, lat, lon, speed_kmh: speed, state }) => found.append(element("li", {},
      element("button", { type: "button", onclick: () => map.setView([lat, lon], Math.max(15, map.getZoom())) }, plate), ` ${speed == null ? "–" : Math.round(speed)} km/h · ${t(`data.${state}`)} `, element("a", { href: url(plate) }, t("map.open")))));
  }

  for (const field of form.elements) {
    const value = kept.get(field.name);
    if (value && field.type === "checkbox") field.checked = value === "true";
    else if (value) field.value = value;
  }
  const spot = kept.get("at")?.split(",").map(Number);
  if (spot?.length === 3 && spot.every(Number.isFinite)) map.setView(spot.slice(0, 2), spot[2]);
  map.on("moveend", soon);
  form.addEventListener("input", ({ target }) => {
    if (target.name !== "q") { soon(); return; }
    clearTimeout(typing);
    typing = setTimeout(() => search(target.value.trim()).catch((error) => { told.textContent = t("chart.failed", { detail: error.message }); }), SOON_MS);
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); search(form.elements.q.value.trim()); });

  new MutationObserver(() => view && follow()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  follow();
}
