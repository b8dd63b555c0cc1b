// Switch the increased frequency of an area on, and end it.
import { ask } from "./ask.js";
import { t } from "./words.js";

async function send(area, path, body) {
  const told = document.getElementById("told");
  try {
    await ask(`/api/v1/areas/${encodeURIComponent(area)}/${path}`, { method: "POST", body });
    location.reload();
  } catch (error) {
    told.textContent = t("areas.failed", { detail: error.message });
    told.hidden = false;
    told.scrollIntoView({ block: "nearest" });
  }
}

const areaOf = (element) => element.closest("[data-area]").dataset.area;
// What the person writes is Vietnamese time, wherever the browser stands.
const moment = (text) => (text ? `${text}:00+07:00` : "");

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.disaster")) return;
  event.preventDefault();
  const { cadence_s: pace, from, to, reason } = event.target.elements;
  send(areaOf(event.target), "disaster", {
    cadence_s: Number(pace.value),
    from: moment(from.value),
    to: moment(to.value),
    reason: reason.value,
  });
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-end]");
  if (!button) return;
  const to = moment(button.closest("[data-area]").querySelector('[name="ended"]').value);
  if (button.dataset.sure) send(areaOf(button), "disaster/end", { to });
  button.dataset.sure = "yes";
  button.textContent = t("areas.sure");
});
