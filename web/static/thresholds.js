// The thresholds of a station: a change by hand, a decision on a proposal; the page is read again once it is stored.
import { ask } from "./ask.js";
import { t } from "./words.js";

function told(form, text) {
  const line = form.querySelector("output");
  line.textContent = text;
  line.classList.add("failed");
  line.hidden = false;
}

// of each test whose fields changed its whole table, with what a form cannot show kept as it is
function changed(form) {
  const tables = {};
  for (const set of form.querySelectorAll("fieldset[data-test]")) {
    const fields = [...set.querySelectorAll("[data-key]")].filter((field) => field.value !== field.defaultValue);
    if (!fields.length) continue;
    const table = JSON.parse(set.dataset.table);
    for (const field of fields) {
      const text = field.value.trim().replace(",", ".");
      table[field.dataset.key] = text === "" ? null : Number.isNaN(Number(text)) ? text : Number(text);
    }
    tables[set.dataset.test] = Object.fromEntries(Object.entries(table).filter(([, value]) => value !== null));
  }
  return tables;
}

document.getElementById("main").addEventListener("submit", async (event) => {
  const form = event.target;
  event.preventDefault();
  const reason = form.elements.reason.value;
  try {
    if (form.dataset.proposal) {
      await ask(`/api/v1/proposals/${form.dataset.proposal}/${event.submitter.value}`, { method: "POST", body: { reason } });
    } else {
      const raw = form.elements.tables.value.trim(), { station, parameter } = form.dataset;
      const tables = raw ? JSON.parse(raw) : changed(form);
      if (!Object.keys(tables).length) throw new Error(t("thresholds.nothing_changed"));
      await ask(`/api/v1/stations/${encodeURIComponent(station)}/thresholds`, { method: "POST", body: { parameter, tables, reason } });
    }
    location.reload();
  } catch (error) {
    told(form, error.message);
  }
});
