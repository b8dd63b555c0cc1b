// The thresholds of a station: a change by hand, a decision on a proposal; the page is read again once it is stored.
import { ask } from "./ask.js";

function told(form, text) {
  const line = form.querySelector("output");
  line.textContent = text;
  line.classList.add("failed");
  line.hidden = false;
}

document.getElementById("main").addEventListener("submit", async (event) => {
  const form = event.target;
  event.preventDefault();
  const reason = form.elements.reason.value;
  try {
    if (form.dataset.proposal) {
      await ask(`/api/v1/proposals/${form.dataset.proposal}/${event.submitter.value}`, { method: "POST", body: { reason } });
    } else {
      const tables = JSON.parse(form.elements.tables.value), { station, parameter } = form.dataset;
      await ask(`/api/v1/stations/${encodeURIComponent(station)}/thresholds`, { method: "POST", body: { parameter, tables, reason } });
    }
    location.reload();
  } catch (error) {
    told(form, error.message);
  }
});
