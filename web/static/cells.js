// Bars of cells: arrow keys walk them, the line below says what the cell in focus or under the mouse means; a red one asks for its gap.
import { ask } from "./ask.js";
import { minute, t } from "./words.js";

const bar = (cell) => cell.closest("[data-cells]");
const spoken = (cell) => bar(cell).querySelector(".spoken");
const say = (cell, more = "") => { spoken(cell).textContent = cell.getAttribute("aria-label") + more; };

async function tellGap(cell) {
  const { from, to } = cell.dataset, station = document.querySelector("[data-id]").dataset.id.replace("station:", "");
  const { value } = await ask(`/api/v1/stations/${encodeURIComponent(station)}/gaps?${new URLSearchParams({ from, to })}`);
  const list = value.map((gap) => `${gap.parameter} ${minute(gap.from)}–${gap.to ? minute(gap.to) : "…"} (${gap.missing}, ${t(`gap.${gap.state}`)})`);
  say(cell, `. ${list.length ? t("slot.gaps", { list: list.join("; ") }) : t("slot.no_gap")}`);
}

const main = document.getElementById("main");
const cellOf = (event) => event.target.closest("[data-cells] a.cell");
main.addEventListener("mouseover", (event) => { const cell = cellOf(event); if (cell) say(cell); });
main.addEventListener("focusin", (event) => { const cell = cellOf(event); if (cell) say(cell); });
main.addEventListener("click", (event) => {
  const cell = cellOf(event);
  if (cell?.dataset.from) { event.preventDefault(); tellGap(cell).catch((error) => say(cell, `. ${error.message}`)); }
});

function below(cells, here, by) {
  const box = here.getBoundingClientRect(), x = box.left + box.width / 2;
  const column = cells.filter((cell) => { const at = cell.getBoundingClientRect(); return at.left <= x && x <= at.right; });
  return column[column.indexOf(here) + by];
}

main.addEventListener("keydown", (event) => {
  const here = cellOf(event);
  if (!here) return;
  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); here.click(); return; }
  const cells = [...bar(here).querySelectorAll("a.cell")].sort((a, b) => a.getAttribute("aria-label") < b.getAttribute("aria-label") ? -1 : 1);
  const at = cells.indexOf(here), last = cells.length - 1;
  const next = { ArrowLeft: cells[at - 1], ArrowRight: cells[at + 1], Home: cells[0], End: cells[last],
    ArrowUp: below(cells, here, -1), ArrowDown: below(cells, here, 1) }[event.key];
  if (!next) return;
  event.preventDefault();
  here.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
});
