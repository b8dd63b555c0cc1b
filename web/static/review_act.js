// Carries out one act about an episode: asks again where more than one value would change, and says what came of it.
import { ask } from "./ask.js";
import { t } from "./words.js";

const line = document.getElementById("told");
const minute = (iso) => `${iso.slice(8, 10)}/${iso.slice(5, 7)} ${iso.slice(11, 16)}`;

export function tell(text, failed = false) {
  line.textContent = text;
  line.classList.toggle("failed", failed);
  line.setAttribute("role", failed ? "alert" : "status");
  line.hidden = false;
}

export async function carryOut(episode, action, body) {
  const path = `/api/v1/review/episodes/${episode}/${action}`, word = t(`review_action.${action}`);
  try {
    let { value } = await ask(path, { method: "POST", body });
    if (value.confirm) {
      const fields = { action: word, count: value.count, from: minute(value.from), to: minute(value.to) };
      if (!confirm(t("review.confirm_many", fields))) return null;
      ({ value } = await ask(path, { method: "POST", body: { ...body, confirm: value.confirm } }));
    }
    tell(t("review.done", { action: word, count: value.count }));
    return value;
  } catch (error) {
    tell(t("review.failed", { detail: error.message }), true);
    return null;
  }
}
