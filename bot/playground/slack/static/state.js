// What all parts of the page share: who looks at what, the way to the server, and how to say that something failed.
import { h, userName } from "./text.js";

export const $ = (id) => document.getElementById(id);
export const view = { state: null, person: null, place: null, home: null, thread: null, target: null };

export const memory = {
  get: (key, fallback = null) => sessionStorage.getItem(key) ?? localStorage.getItem(key) ?? fallback,
  set: (key, value) => { sessionStorage.setItem(key, value); localStorage.setItem(key, value); },
};
const flag = (key) => ({ has: () => localStorage.getItem(key) !== null, get: () => localStorage.getItem(key) || "", set: (value = "1") => localStorage.setItem(key, value) });
export const readMark = (channel) => flag(`read:${view.person}:${channel.id}`);
export const dismissed = (message) => flag(`dismissed:${message.channel}:${message.ts}`);

let toastTimer;
export function toast(text) {
  $("toast").replaceChildren(h("span", {}, text), h("button", { class: "icon", "aria-label": "Dismiss", onclick: () => { $("toast").hidden = true; } }, "✕"));
  $("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $("toast").hidden = true; }, 8000);
}

export function announce(text) {
  const said = h("p", {}, text);
  $("announcer").append(said);
  setTimeout(() => said.remove(), 10000);
}

// `look` fails silently, for what is drawn again anyway; `control` is for what a person did.
export async function look(verb, body = {}) {
  const response = await fetch(`/control/${verb}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}
export async function control(verb, body = {}) {
  try {
    return await look(verb, body);
  } catch (error) {
    toast(error instanceof TypeError ? "The local Slack does not answer. Is it still running?" : `That did not work: ${error.message}`);
    throw error;
  }
}
export const quietly = (work) => Promise.resolve(work).catch((error) => console.info(String(error)));

export function tellUnlessAcked(taken, appId) {
  if (taken.acked) return taken;
  const app = view.state.apps.find((candidate) => candidate.id === appId);
  const why = { timeout: "did not react within three seconds", connection_failed: "is not connected" }[taken.error] || `did not react (${taken.error})`;
  toast(`${app ? userName(app.user_id) : "The app"} ${why}.`);
  return taken;
}

export const clicks = new Map(); // of each message, by key, the last click: on which node, and when it was acknowledged (Infinity: not yet)

export async function busy(button, work) {
  button?.setAttribute("aria-disabled", "true");
  await quietly(work);
  button?.removeAttribute("aria-disabled");
}

export const wide = () => window.innerWidth >= 1000;
export const touch = () => matchMedia("(pointer: coarse)").matches;
export const me = () => view.state.users.find((user) => user.id === view.person);
export const byId = (id) => view.state.channels.find((channel) => channel.id === id);
export const mine = (channel) => channel.members.includes(view.person);
export const label = (channel) => (channel.kind === "im" ? channel.members.filter((id) => id !== view.person).map(userName).join(", ") || "you" : channel.name);
export const titled = (channel) => (channel.kind === "im" ? label(channel) : `${channel.kind === "group" ? "🔒" : "#"} ${channel.name}`);
export const appIn = (channel) => view.state.apps.find((app) => channel.members.includes(app.user_id));
export const role = (user) => (user.is_bot ? "app" : user.is_admin ? "admin" : user.is_restricted || user.is_ultra_restricted ? "guest" : "member");

export function avatar(id, name) {
  const at = view.state.users.findIndex((user) => user.id === id);
  return h("span", { class: `avatar ${view.state.users[at]?.is_bot ? "app" : `a${(at + 6) % 6}`}`, "aria-hidden": "true" }, name.slice(0, 1).toUpperCase());
}
