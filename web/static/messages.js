// The messages of a vehicle as they came, a page at a time, asked for when somebody opens the list.
import { ask } from "./ask.js";
import { toIso } from "./charts.js";
import { element } from "./rows.js";
import { clock, number, t } from "./words.js";

const PAGE = 100;

export function showMessages(box, base) {
  const at = (id) => box.querySelector(`#${id}`);
  let view, offset = 0, turn = 0;

  async function load() {
    if (!box.open || !view) return;
    const mine = ++turn, query = new URLSearchParams({ from: toIso(view[0]), to: toIso(view[1]), limit: PAGE, offset });
    if (at("faulty").checked) query.set("faulty", "true");
    try {
      const { value, total } = await ask(`${base}/waypoints?${query}`);
      if (mine === turn) draw(value, total);
    } catch (error) { at("shown").textContent = t("chart.failed", { detail: error.message }); }
  }

  function draw(rows, total) {
    const cell = (text, kind = "") => element("td", { class: kind }, text);
    at("rows").replaceChildren(...rows.map((row) => element("tr", { class: row.faults.length ? "flawed-row" : "" },
      cell(`${row.time.slice(8, 10)}/${row.time.slice(5, 7)} ${clock(row.time)}`), cell(clock(row.received)), cell(String(row.speed_kmh ?? "–"), "number"),
      cell(row.lat?.toFixed(5) ?? "–", "number"), cell(row.lon?.toFixed(5) ?? "–", "number"), cell(row.driver || "–"), cell(row.provider || "–"),
      cell(row.faults.length ? row.faults.map((fault) => `◇ ${t(`defect.${fault}`)}`).join(" · ") : "–", row.faults.length ? "flawed" : ""),
      element("td", {}, element("a", { href: `${base}/waypoints/${row.id}/raw`, download: "" }, "↓")))));
    at("shown").textContent = total ? t("track.shown", { first: number(offset + 1), last: number(offset + rows.length), total: number(total) }) : t("track.none_shown");
    at("previous").hidden = offset === 0;
    at("next").hidden = offset + rows.length >= total;
  }

  const turnTo = (to) => { offset = Math.max(0, to); load(); };
  at("previous").addEventListener("click", () => turnTo(offset - PAGE));
  at("next").addEventListener("click", () => turnTo(offset + PAGE));
  at("faulty").addEventListener("change", () => turnTo(0));
  box.addEventListener("toggle", load);
  return { show: (span) => { view = [...span]; turnTo(0); } };
}
