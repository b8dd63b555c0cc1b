// Hand a shift over, and confirm one in one's own name.
import { ask } from "./ask.js";
import { tell } from "./review_act.js";
import { t } from "./words.js";

async function send(path, body) {
  try {
    await ask(path, { method: "POST", body });
    location.reload();
  } catch (error) {
    tell(t("review.failed", { detail: error.message }), true);
  }
}

const form = document.getElementById("hand-over");
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  send("/api/v1/shifts", { incoming: form.elements.incoming.value, notes: form.elements.notes.value });
});
document.addEventListener("click", (event) => {
  const shift = event.target.closest("[data-confirm]")?.dataset.confirm;
  if (shift) send(`/api/v1/shifts/${shift}/confirm`, {});
});
