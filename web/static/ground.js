// The ground of a map: a graticule with its degrees, a scale, and tiles only where the box was told of some.
import { ask } from "./ask.js";
import { t } from "./words.js";

export const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const STEPS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10], LINES = 8;

export function makeMap(place, bounds) {
  const L = window.L, { tiles, attribution } = place.dataset;
  const map = L.map(place, { preferCanvas: true, attributionControl: false, zoomAnimation: false }).fitBounds(bounds);
  L.control.scale({ imperial: false }).addTo(map);
  const grid = L.layerGroup().addTo(map);
  map.on("moveend resize", () => drawGrid(map, grid));
  drawGrid(map, grid);
  if (tiles) layTiles(map, tiles, attribution);
  return map;
}

function layTiles(map, url, attribution) {
  const L = window.L, words = document.createElement("span");
  words.textContent = attribution;
  L.control.attribution({ prefix: false }).addAttribution(words.innerHTML).addTo(map);
  map.getContainer().classList.add("tiled");
  // the graticule and everything on it stay right where the tiles do not come
  const note = L.DomUtil.create("p", "untiled", map.getContainer());
  note.setAttribute("role", "status");
  L.tileLayer(url, { maxZoom: 19 })
    .on("tileerror", () => { note.textContent = t("map.untiled"); })
    .on("tileload", () => { note.textContent = ""; }).addTo(map);
}

function drawGrid(map, grid) {
  const L = window.L, box = map.getBounds(), wide = box.getEast() - box.getWest(), high = box.getNorth() - box.getSouth();
  const step = STEPS.find((each) => Math.max(wide, high) / each <= LINES) ?? 20, digits = step < 0.01 ? 3 : step < 1 ? 2 : 0;
  grid.clearLayers();
  const line = (from, to, at, word, side) => {
    L.polyline([from, to], { color: css("--faint"), weight: 1, opacity: 0.35, interactive: false }).addTo(grid);
    L.marker(at, { interactive: false, keyboard: false, icon: L.divIcon({ className: `degree ${side}`, html: word, iconSize: null }) }).addTo(grid);
  };
  const round = (value) => Math.round(value / step) * step;
  for (let x = round(box.getWest()); x < box.getEast(); x += step) if (x > box.getWest() + wide * 0.06) line([box.getSouth(), x], [box.getNorth(), x], [box.getSouth(), x], `${x.toFixed(digits)}° ${t("map.east")}`, "foot");
  for (let y = round(box.getSouth()); y < box.getNorth(); y += step) if (y > box.getSouth() + high * 0.08) line([y, box.getWest()], [y, box.getEast()], [y, box.getEast()], `${y.toFixed(digits)}° ${t("map.north")}`, "edge");
}

// speed zones of what the window shows; so many that nobody could tell them apart are not drawn
const ZONES_MOST = 1500, ZONES_SOON_MS = 400;
export function followZones(map) {
  const L = window.L, layer = L.layerGroup().addTo(map);
  let soon, turn = 0, zones;
  const draw = () => {
    layer.clearLayers();
    L.geoJSON(zones, { interactive: true, style: () => ({ color: css("--blue"), weight: 2, opacity: 0.7, dashArray: "2 5", fillOpacity: 0.06 }),
      onEachFeature: (zone, shape) => shape.bindTooltip(() => {
        const words = document.createElement("span");
        words.textContent = `${zone.properties.name || zone.id}: ${zone.properties.limit_kmh} km/h`;
        return words;
      }, { sticky: true }) }).addTo(layer);
  };
  const load = async () => {
    const mine = ++turn;
    const { value } = await ask(`/api/v1/zones?${new URLSearchParams({ bbox: map.getBounds().toBBoxString(), limit: ZONES_MOST })}`);
    if (mine !== turn) return;
    zones = value;
    draw();
  };
  const later = () => { clearTimeout(soon); soon = setTimeout(() => load().catch(() => {}), ZONES_SOON_MS); };
  map.on("moveend", later);
  new MutationObserver(() => zones && draw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  later();
}
