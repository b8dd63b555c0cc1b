// A page of one source: its buttons, and a fresh copy of its content whenever something of it changes.
import { act, mayAct } from "./ask.js";
import { listen } from "./link.js";
import { t } from "./words.js";

const main = document.getElementById("main");
const SOON_MS = 120;
let results = {};

function dress() {
  for (const group of main.querySelectorAll("[data-actor]")) {
    const shown = results[group.dataset.actor], line = group.querySelector("output");
    if (shown) { line.textContent = shown.text; line.classList.toggle("failed", shown.failed); line.hidden = false; }
    for (const button of group.querySelectorAll("button")) button.hidden = !mayAct;
  }
}

// a page that names its fresh parts keeps the rest as it is: a chart that is zoomed into, a date that is being typed
async function refresh() {
  const fresh = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const parts = [...main.querySelectorAll("[data-fresh]")], held = document.activeElement?.getAttribute("aria-label");
  for (const part of parts) part.replaceWith(fresh.getElementById(part.id));
  if (!parts.length) main.replaceChildren(...fresh.getElementById("main").childNodes);
  if (held && document.activeElement === document.body) main.querySelector(`[aria-label="${CSS.escape(held)}"]`)?.focus();
  dress();
  document.dispatchEvent(new Event("fresh"));
}

let waiting = 0;
const soon = () => { waiting ||= setTimeout(() => { waiting = 0; refresh(); }, SOON_MS); };

main.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-verb]");
  if (!button) return;
  const { actor, name } = button.parentElement.dataset, verb = button.dataset.verb;
  if (verb === "stop" && !confirm(t("action.confirm_stop", { name }))) return;
  button.disabled = true;
  try {
    const done = await act(actor, verb);
    results[actor] = { text: t(`action.${verb}_done`, { ms: Math.round(done.took_ms), lost: done.lost, reread: done.reread }) };
  } catch (error) {
    results[actor] = { text: t("action.failed", { detail: error.message }), failed: true };
  }
  await refresh();
});

document.addEventListener("moved", soon);

const id = main.querySelector("[data-id]")?.dataset.id;
listen({
  onEvent: (kind, data) => { if (kind === "resync" || (id ? (data.id ?? data.source) === id : kind === "forward")) soon(); },
  onBeat: () => {},
  onUp: () => { document.body.classList.remove("stale"); },
  onDown: () => { document.body.classList.add("stale"); },
});
dress();
