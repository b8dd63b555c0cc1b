// The live page: a snapshot, then small changes. Nothing moves under the mouse; what is old is never shown as if it were new.
import { act, ask, mayAct } from "./ask.js";
import { drawFilters, readChoice, writeChoice } from "./filters.js";
import { serverNow, setClock } from "./frame.js";
import { listen } from "./link.js";
import { drawRow, rank, resultRow } from "./rows.js";
import { drawStrip, drawVerdict } from "./strip.js";
import { number, t } from "./words.js";

const PAGE_ROWS = 200, RECOUNT_MS = 15_000;
const at = (id) => document.getElementById(id);
const body = at("rows"), search = at("search");
let choice = readChoice();
let known = { summary: undefined, services: [], forwards: [], balance: undefined };
let sources = [], total = 0, rows = new Map(), results = new Map(), early;

// ------------------------------------------------------------------ what the server says

const serviceRow = (service) => {
  const view = known.forwards.find(({ name }) => service.id === `forwarder:${name}`);
  return { ...service, isService: true, delivery: view?.state, queued: view?.queued, oldest_age_s: view?.oldest_age_s, last_error: view?.last_error };
};

async function recount() {
  const [summary, services, forwards, balance] = await Promise.all(
    ["summary", "services", "forwards", "audit"].map(async (path) => (await ask(`/api/v1/${path}`)).value));
  known = { summary, services, forwards, balance };
  for (const service of services) if (rows.has(service.id)) merge(service.id, serviceRow(service));
  drawTop();
}

let loads = 0;
async function load() {
  const turn = ++loads;
  early ??= [];
  const asked = new URLSearchParams({ ...choice, limit: PAGE_ROWS, offset: (choice.page - 1) * PAGE_ROWS });
  const [answer] = await Promise.all([
    choice.kind === "service" ? { value: [], total: 0 } : ask(`/api/v1/sources?${asked}`), recount()]);
  // a later choice is on its way: its answer counts
  if (turn !== loads) return;
  ({ value: sources, total } = answer);
  arrange();
  const gathered = early;
  early = undefined;
  for (const [kind, data] of gathered) take(kind, data);
}

function take(kind, data) {
  if (early) { early.push([kind, data]); return; }
  if (kind === "resync") load();
  else if (kind === "strip") { known.balance = data; drawTop(); }
  else if (kind === "forward") takeForward(data);
  else if (kind === "flip") {
    known.summary.freshness[data.was] -= 1;
    known.summary.freshness[data.now] += 1;
    drawTop();
    if (rows.has(data.source)) merge(data.source, { freshness: data.now });
  } else {
    if (kind === "actor") recountSoon();
    if (rows.has(data.id)) merge(data.id, data);
  }
}

function takeForward(data) {
  known.forwards = known.forwards.map((view) => (view.name === data.name ? { ...view, ...data } : view));
  const id = `forwarder:${data.name}`, service = known.services.find((row) => row.id === id);
  if (service && rows.has(id)) merge(id, serviceRow(service));
  drawTop();
}

let recounting = 0;
const recountSoon = () => { recounting ||= setTimeout(() => { recounting = 0; recount().catch(() => {}); }, 1000); };
setInterval(recountSoon, RECOUNT_MS);

// ------------------------------------------------------------------ drawing

function drawTop() {
  drawVerdict(at("verdict"), known, choose);
  drawStrip(at("strip"), known.balance, known.forwards);
  drawFilters(at("states"), at("kinds"), choice, known.summary, choose);
}

function inOrder() {
  const matches = (row) => `${row.id} ${row.name}`.toLowerCase().includes(choice.q.toLowerCase());
  const services = choice.state || choice.page > 1 || !["", "service"].includes(choice.kind)
    ? [] : known.services.map(serviceRow).filter(matches);
  const current = sources.map((row) => rows.get(row.id) ?? row);
  // the server's order stands among equals
  return [...current, ...services].map((row, i) => [row, i]).sort(([a, i], [b, j]) => rank(b) - rank(a) || i - j).map(([row]) => row);
}

function arrange() {
  sources = sources.map((row) => ({ ...row }));
  rows = new Map();
  const ordered = inOrder();
  rows = new Map(ordered.map((row) => [row.id, row]));
  const focused = document.activeElement?.closest?.("tr[data-id]")?.dataset.id;
  body.replaceChildren(...ordered.flatMap((row) => [drawRow(row), ...(results.has(row.id) ? [results.get(row.id)] : [])]));
  if (focused) rowOf(focused)?.focus();
  const first = total ? (choice.page - 1) * PAGE_ROWS + 1 : 0, last = Math.min(total, choice.page * PAGE_ROWS);
  at("shown").textContent = total ? t("filter.shown", { first: number(first), last: number(last), total: number(total) }) : "";
  at("previous").hidden = choice.page === 1;
  at("next").hidden = last >= total;
  at("nothing").hidden = ordered.length > 0;
  at("table").hidden = ordered.length === 0;
  at("reorder").hidden = true;
}

const rowOf = (id) => body.querySelector(`tr[data-id="${CSS.escape(id)}"]`);
const isBusy = () => at("table").matches(":hover") || at("table").contains(document.activeElement);

function merge(id, changes) {
  const before = rows.get(id), after = { ...before, ...changes };
  rows.set(id, after);
  const index = sources.findIndex((row) => row.id === id);
  if (index >= 0) sources[index] = after;
  const old = rowOf(id), fresh = drawRow(after), held = old.contains(document.activeElement);
  fresh.classList.add("changed");
  old.replaceWith(fresh);
  if (held) fresh.focus();
  if (rank(before) !== rank(after)) {
    if (isBusy()) at("reorder").hidden = false;
    else arrange();
  }
}

// ------------------------------------------------------------------ what the person does

function choose(changes) {
  choice = { ...choice, page: 1, ...changes };
  writeChoice(choice);
  search.value = choice.q;
  load();
}

let typing;
search.value = choice.q;
search.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(() => choose({ q: search.value.trim() }), 200); });
at("clear").addEventListener("click", () => choose({ state: "", kind: "", q: "" }));
at("previous").addEventListener("click", () => choose({ page: choice.page - 1 }));
at("next").addEventListener("click", () => choose({ page: choice.page + 1 }));
at("reorder").addEventListener("click", arrange);
at("table").addEventListener("mouseleave", () => { if (!at("reorder").hidden && !isBusy()) arrange(); });

function show(id, text, failed) {
  results.get(id)?.remove();
  const line = resultRow(text, failed, () => { results.get(id)?.remove(); results.delete(id); });
  results.set(id, line);
  rowOf(id)?.after(line);
}

async function carryOut(id, verb) {
  const { name } = rows.get(id);
  if (!mayAct || (verb === "stop" && !confirm(t("action.confirm_stop", { name: name || id })))) return;
  for (const button of rowOf(id).querySelectorAll("button")) button.disabled = true;
  try {
    const done = await act(id, verb);
    show(id, t(`action.${verb}_done`, { ms: Math.round(done.took_ms), lost: done.lost, reread: done.reread }), false);
    merge(id, { actor: done.state });
    recountSoon();
  } catch (error) {
    show(id, t("action.failed", { detail: error.message }), true);
    merge(id, {});
  }
}

body.addEventListener("click", (event) => {
  const button = event.target.closest("[data-verb]");
  if (button) carryOut(button.closest("tr").dataset.id, button.dataset.verb);
});

function step(by) {
  const all = [...body.querySelectorAll("tr[data-id]")];
  const here = all.indexOf(document.activeElement?.closest?.("tr[data-id]"));
  all[Math.min(all.length - 1, Math.max(0, here + by))]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  const here = document.activeElement?.closest?.("tr[data-id]");
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "r" && here) carryOut(here.dataset.id, "restart");
  else if (event.key === "/") { event.preventDefault(); search.focus(); }
});

// ------------------------------------------------------------------ the link

listen({
  onEvent: take,
  onBeat: ({ now }) => setClock(now),
  onUp: () => {
    document.body.classList.remove("stale");
    at("stale").hidden = true;
    load();
  },
  onDown: () => {
    const lost = new Date(serverNow() + 7 * 3600e3).toISOString().slice(11, 19);
    document.body.classList.add("stale");
    at("stale").querySelector("strong").textContent = t("stale.title", { time: lost });
    at("stale").hidden = false;
  },
});
