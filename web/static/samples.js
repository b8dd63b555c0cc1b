// A station's sampler: ask for a sample, note by hand what became of one.
import { ask } from "./ask.js";
import { t } from "./words.js";

const form = document.getElementById("ask"), output = form?.querySelector("output");

async function post(path, body) {
  try {
    await ask(path, { method: "POST", body });
    location.reload();
  } catch (error) {
    if (!output) return alert(error.message);
    output.textContent = t("action.failed", { detail: error.message });
    output.classList.add("failed");
    output.hidden = false;
  }
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  if (confirm(t("samples.confirm"))) {
    post(`/api/v1/stations/${encodeURIComponent(form.dataset.code)}/samples`, { reason: form.reason.value, bottle: form.bottle.value });
  }
});
for (const button of document.querySelectorAll("[data-sample]")) {
  button.addEventListener("click", () => {
    const detail = prompt(t("samples.detail")) ?? "";
    post(`/api/v1/samples/${button.dataset.sample}/answer`, { state: button.dataset.state, detail });
  });
}
