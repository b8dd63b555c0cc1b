// One episode: the form of acts, the choice of a record, and a word when somebody else acts meanwhile.
import { listen } from "./link.js";
import { carryOut, tell } from "./review_act.js";
import { t } from "./words.js";

const head = document.getElementById("episode"), { episode } = head.dataset;
const form = document.querySelector("#act form");
const version = () => Number(head.dataset.version);
const number = (text) => Number(text.trim().replace(",", "."));
let acting = false;

function dress() {
  const action = form.elements.action.value;
  for (const label of form.querySelectorAll("[data-for]")) label.hidden = !label.dataset.for.split(" ").includes(action);
}

function body() {
  const made = { version: version() };
  for (const field of form.querySelectorAll(".fields label:not([hidden]) [name]")) {
    const text = field.value.trim();
    if (["only", "whole"].includes(field.name) || !text) continue;
    if (field.name === "max_gap") made.max_gap_s = Math.round(number(text) * 60);
    else if (["value", "factor", "offset", "flag"].includes(field.name)) made[field.name] = number(text);
    else made[field.name] = text;
  }
  const whole = form.elements.whole;
  if (whole?.checked && !whole.closest("label").hidden) made.whole_case = true;
  const only = form.elements.only;
  if (only.checked && !only.closest("label").hidden) {
    made.times = [...document.querySelectorAll('input[name="time"]:checked')].map((box) => box.value);
  }
  return made;
}

async function act(action, made) {
  acting = true;
  const done = await carryOut(episode, action, made);
  if (done) setTimeout(() => location.reload(), 900);
  else acting = false;
}

form?.addEventListener("change", dress);
form?.addEventListener("submit", (event) => { event.preventDefault(); act(form.elements.action.value, body()); });
document.addEventListener("click", (event) => {
  const reading = event.target.closest("[data-promote]")?.dataset.promote;
  if (reading) act("promote", { version: version(), reading });
});
if (form) dress();

listen({
  onEvent: (kind, data) => {
    if (kind !== "review" || data.episode !== episode || acting) return;
    tell(t("review.changed", { name: data.who, action: t(`review_action.${data.action}`) }));
    setTimeout(() => location.reload(), 1500);
  },
  onBeat: () => {},
  onUp: () => { document.body.classList.remove("stale"); },
  onDown: () => { document.body.classList.add("stale"); },
});
