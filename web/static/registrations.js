// Approves or rejects a registration; the page is drawn anew, a refusal is shown beside its buttons.
import { ask } from "./ask.js";

for (const form of document.querySelectorAll("form.decide")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { id } = form.dataset;
    const body = { note: form.note.value, work: form.work.value };
    const buttons = form.querySelectorAll("button");
    for (const button of buttons) button.disabled = true;
    try {
      await ask(`/api/v1/registrations/${id}/${event.submitter.value}`, { method: "POST", body });
      location.reload();
    } catch (refusal) {
      form.querySelector("output").textContent = refusal.message;
      for (const button of buttons) button.disabled = false;
    }
  });
}
