// The files of a destination: another try for one that was refused.
import { ask } from "./ask.js";
import { t } from "./words.js";

const said = document.getElementById("said");

document.getElementById("main").addEventListener("click", async (event) => {
  const button = event.target.closest("[data-retry]");
  if (!button) return;
  button.disabled = true;
  try {
    await ask(button.dataset.retry, { method: "POST" });
    said.textContent = t("outfiles.retried");
    said.classList.remove("failed");
  } catch (error) {
    said.textContent = t("action.failed", { detail: error.message });
    said.classList.add("failed");
    button.disabled = false;
  }
  said.hidden = false;
});
