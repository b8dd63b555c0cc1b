// The words of the page's language, as the server put them there.
const table = JSON.parse(document.getElementById("words").textContent);

export function t(key, fields = {}) {
  return table[key].replace(/\{(\w+)\}/g, (_, name) => fields[name]);
}

export const known = (key) => table[key];
export const language = document.documentElement.lang;
const whole = new Intl.NumberFormat(language);
export const number = (value) => whole.format(value);
// times come from the server as ISO 8601 in +07:00; they are cut, never converted
export const clock = (iso) => iso.slice(11, 19);
export const minute = (iso) => iso.slice(11, 16);

export function age(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
