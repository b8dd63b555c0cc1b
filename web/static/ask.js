// Speaks with the API; a refusal is thrown as a sentence in the page's language, else as the server wrote it.
import { known } from "./words.js";

const csrf = () => document.querySelector('meta[name="csrf"]')?.content ?? "";
export const mayAct = document.querySelector('meta[name="may-act"]')?.content === "yes";

export class Refusal extends Error {}

const said = ({ error, detail, code, told = {} }) => (known(`refused.${code || error}`) ?? detail)
  .replace(/\{(\w+)\}/g, (_, name) => known(`${name}.${told[name]}`) ?? told[name]);

export async function ask(path, { method = "GET", body } = {}) {
  const headers = method === "GET" ? {} : { "X-CSRF-Token": csrf(), "Content-Type": "application/json" };
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const value = await answer.json();
  if (!answer.ok) throw new Refusal(said(value));
  return { value, total: Number(answer.headers.get("X-Total-Count")) };
}

export const act = async (id, verb) =>
  (await ask(`/api/v1/actors/${encodeURIComponent(id)}/${verb}`, { method: "POST" })).value;
