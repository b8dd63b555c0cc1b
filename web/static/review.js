// The queue by keyboard: j down, k up, Enter opens, a approves, r rejects the case in focus, whatever tests it failed.
import { carryOut } from "./review_act.js";

const mayReview = document.querySelector('meta[name="may-review"]')?.content === "yes";
const rows = () => [...document.querySelectorAll("[data-episode]")];

function move(by) {
  const all = rows(), at = all.indexOf(document.activeElement);
  all[Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
}

async function decide(row, action) {
  const done = await carryOut(row.dataset.episode, action, { version: Number(row.dataset.version), whole_case: true });
  if (!done) return;
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  next?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = document.activeElement?.closest("[data-episode]");
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "Enter" && row) location.assign(`/review/${row.dataset.episode}`);
  else if (row && mayReview && event.key === "a") decide(row, "approve");
  else if (row && mayReview && event.key === "r") decide(row, "reject");
  else return;
  event.preventDefault();
});
