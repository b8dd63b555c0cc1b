// The track on the map: colour and width tell speed against the limit, halos are violations, one ring is the cursor.
import { css, followZones, makeMap } from "./ground.js";
import { number, t } from "./words.js";

const START = [[20.3, 105.2], [21.6, 107.0]], FAR_KMH = 10, NEAR_PX = 24;
const PACES = { within: ["--green", 3], some: ["--amber", 5], far: ["--red", 7], free: ["--grey", 3], hole: ["--grey", 2] };

function paceOf({ speed_kmh: speed, limit_kmh: limit }, i) {
  if (limit[i] == null || speed[i] == null) return "free";
  return speed[i] <= limit[i] ? "within" : speed[i] - limit[i] < FAR_KMH ? "some" : "far";
}

// runs of one pace; where nothing came for too long the line is broken
function runsOf(track, holeS) {
  const runs = [], { offset_s: at, lat, lon } = track;
  let last = -1;
  for (let i = 0; i < at.length; i++) {
    if (lat[i] == null) continue;
    if (last >= 0) {
      const pace = at[i] - at[last] > holeS ? "hole" : paceOf(track, i), run = runs.at(-1);
      if (run?.pace === pace) run.points.push([lat[i], lon[i]]);
      else runs.push({ pace, points: [[lat[last], lon[last]], [lat[i], lon[i]]] });
    }
    last = i;
  }
  return runs;
}

export function makeTrackMap(place, { onPoint, onCase }) {
  const L = window.L, map = makeMap(place, START);
  followZones(map);
  const halos = L.layerGroup().addTo(map), lines = L.layerGroup().addTo(map), ends = L.layerGroup().addTo(map);
  const ring = L.circleMarker([0, 0], { radius: 8, weight: 3, color: css("--ink"), fillColor: css("--card"), fillOpacity: 1, interactive: false });
  let track, placed = [], chosen = "";

  const words = (text) => { const span = document.createElement("span"); span.textContent = text; return span; };
  const pointsIn = ([from, to]) => placed.filter((i) => track.offset_s[i] >= from && track.offset_s[i] <= to).map((i) => [track.lat[i], track.lon[i]]);
  // a stretch between two positions has those two
  const stretch = (span) => {
    const inside = pointsIn(span);
    if (inside.length > 1) return inside;
    const before = placed.filter((i) => track.offset_s[i] <= span[0]).at(-1), after = placed.find((i) => track.offset_s[i] >= span[1]);
    return [...(before === undefined ? [] : [[track.lat[before], track.lon[before]]]), ...inside, ...(after === undefined ? [] : [[track.lat[after], track.lon[after]]])];
  };

  function draw(given, cases, holeS) {
    track = given;
    placed = track.lat.map((_, i) => i).filter((i) => track.lat[i] != null);
    for (const layer of [halos, lines, ends]) layer.clearLayers();
    for (const each of cases) {
      const points = stretch(each.span);
      if (!points.length) continue;
      const picked = each.key === chosen, style = { color: css("--red"), opacity: picked ? 0.55 : 0.28, weight: picked ? 20 : 14, lineCap: "round" };
      const halo = points.length > 1 ? L.polyline(points, style) : L.circleMarker(points[0], { ...style, radius: 12 });
      halo.bindTooltip(words(each.words), { sticky: true }).on("click", () => onCase(each)).addTo(halos);
    }
    for (const { pace, points } of runsOf(track, holeS)) {
      const [tone, weight] = PACES[pace];
      L.polyline(points, { color: css(tone), weight, opacity: 0.95, dashArray: pace === "hole" ? "3 7" : null, interactive: false }).addTo(lines);
    }
    const end = (i, word, fill) => L.circleMarker([track.lat[i], track.lon[i]], { radius: 6, weight: 3, color: css("--ink"), fillColor: css(fill), fillOpacity: 1 })
      .bindTooltip(words(word), { permanent: true, direction: "right", offset: [8, 0], className: "end" }).addTo(ends);
    if (placed.length > 1) end(placed[0], t("track.begin"), "--card");
    if (placed.length) end(placed.at(-1), t("track.end"), "--ink");
  }

  // the nearest position under the mouse, so that a thin line need not be hit
  map.on("mousemove click", ({ containerPoint: { x, y } }) => {
    if (!placed.length) return;
    let best = NEAR_PX ** 2, found = -1;
    for (const i of placed) {
      const at = map.latLngToContainerPoint([track.lat[i], track.lon[i]]), away = (at.x - x) ** 2 + (at.y - y) ** 2;
      if (away < best) { best = away; found = i; }
    }
    if (found >= 0) onPoint(found);
  });

  return {
    draw,
    choose: (key) => { chosen = key; },
    fit: (span) => {
      const points = span ? stretch(span) : placed.map((i) => [track.lat[i], track.lon[i]]);
      if (points.length) map.fitBounds(points, { padding: [36, 36], maxZoom: 17 });
    },
    go: (lat, lon) => map.setView([lat, lon], Math.max(map.getZoom(), 15)),
    point: (i) => {
      if (i == null || track.lat[i] == null) ring.remove();
      else ring.setLatLng([track.lat[i], track.lon[i]]).addTo(map).bringToFront();
    },
    note: () => (track.unplaced ? t("track.unplaced", { count: number(track.unplaced) }) : ""),
  };
}
