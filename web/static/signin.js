// Signs in and goes on to the page that was asked for.
import { ask } from "./ask.js";

const form = document.getElementById("signin"), refusal = document.getElementById("refusal");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await ask("/api/v1/login", { method: "POST", body: Object.fromEntries(new FormData(form)) });
    location.assign(form.dataset.next);
  } catch (error) {
    refusal.textContent = error.message;
    refusal.hidden = false;
  }
});
