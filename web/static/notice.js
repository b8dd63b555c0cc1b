// A notice: answer it, or have a refused letter sent again.
import { ask } from "./ask.js";
import { t } from "./words.js";

async function post(path, body, output) {
  try {
    await ask(path, { method: "POST", body: body ?? {} });
    location.reload();
  } catch (error) {
    output.textContent = t("action.failed", { detail: error.message });
    output.classList.add("failed");
    output.hidden = false;
  }
}

const form = document.getElementById("answer"), output = form.querySelector("output");
form.addEventListener("submit", (event) => {
  event.preventDefault();
  post(`/api/v1/notices/${form.dataset.notice}/answer`, { text: form.text.value }, output);
});
for (const button of document.querySelectorAll("[data-letter]")) {
  button.addEventListener("click", () => post(`/api/v1/letters/${button.dataset.letter}/retry`, {}, output));
}
