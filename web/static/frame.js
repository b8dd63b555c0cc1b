// What every page has: theme, clock, sign-out.
import { ask } from "./ask.js";

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const dress = () => { root.dataset.theme = localStorage.getItem("theme") ?? (dark.matches ? "dark" : "light"); };
dress();
dark.addEventListener("change", dress);
document.getElementById("theme").addEventListener("click", () => {
  localStorage.setItem("theme", root.dataset.theme === "dark" ? "light" : "dark");
  dress();
});

document.getElementById("sign-out")?.addEventListener("click", async () => {
  await ask("/api/v1/logout", { method: "POST" });
  location.assign("/signin");
});

// the server's clock, moved on by the browser's steady one
const face = document.getElementById("clock");
let serverMs = Date.parse(face.dateTime), heardMs = performance.now();
export function setClock(iso) { serverMs = Date.parse(iso); heardMs = performance.now(); }
export const serverNow = () => serverMs + performance.now() - heardMs;
setInterval(() => { face.textContent = new Date(serverNow() + 7 * 3600e3).toISOString().slice(11, 19); }, 500);
