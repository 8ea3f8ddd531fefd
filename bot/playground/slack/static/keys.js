// Digits press buttons: the n-th one of the first row of the newest app message that has any, as for somebody who votes through many pairs.
import { $, appIn, byId, clicks, touch, view } from "./state.js";

const UNCHANGED_MS = 1000; // an acknowledged click usually changes its message: until then a digit is likely meant for what comes next
const FLASH_MS = 250;
const TYPED_IN = "input, select, textarea";

const logOnTop = () => (view.thread ? $("replies") : $("messages"));
const typing = () => Boolean(document.activeElement?.closest(TYPED_IN) || document.querySelector("dialog[open]") || $("sidebar").classList.contains("open"));

function seen(message, log) {
  const [inner, outer] = [message.getBoundingClientRect(), log.getBoundingClientRect()];
  return inner.bottom > outer.top && inner.top < outer.bottom;
}

// The row that digits press, whether or not somebody types just now; null where there is none.
export function rowOf(log) {
  const message = [...log.querySelectorAll("article")].reverse().find((one) => one.querySelector(".body .btn"));
  const row = message?.querySelector(".row:has(> .btn)");
  if (!row?.querySelector(":scope > .btn + .btn")) return null; // a lone button, such as one that takes back: a digit too many must not press it
  return row && seen(message, log) ? row : null;
}

// Who opens such a conversation wants to vote: there the field waits to be clicked, or for a letter.
export const votes = () => Boolean(appIn(byId(view.place)) && byId(view.place).kind === "im" && rowOf($("messages")));

export function showKeys() {
  const row = touch() || view.home || typing() ? null : rowOf(logOnTop());
  for (const marked of document.querySelectorAll(".row.keyed")) if (marked !== row) marked.classList.remove("keyed");
  row?.classList.add("keyed");
  const count = row ? Math.min(row.querySelectorAll(":scope > .btn").length, 9) : 0;
  for (const form of document.querySelectorAll(".composer")) {
    const hint = form.querySelector(".keys");
    const text = form.id !== (view.thread ? "reply-composer" : "composer") || !count ? "" : `Keys 1 ${count === 2 ? "and" : "to"} ${count} press the buttons`;
    if (hint.textContent !== text) hint.textContent = text;
    hint.hidden = !text;
  }
}

function press(digit) {
  const row = rowOf(logOnTop());
  const button = row?.querySelectorAll(":scope > .btn")[digit - 1];
  const message = row?.closest("article");
  const click = clicks.get(message?.dataset.key);
  if (!button || click?.at === Infinity || (click?.node === message && Date.now() - click.at < UNCHANGED_MS)) return;
  button.classList.add("flash");
  setTimeout(() => button.classList.remove("flash"), FLASH_MS);
  button.click();
}

function pressed(event) {
  if (event.key === "Enter" && event.repeat && event.target.closest?.(".btn")) event.preventDefault(); // a key held down votes once
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || view.home || typing()) return;
  if (/^[1-9]$/.test(event.key) && rowOf(logOnTop())) {
    event.preventDefault();
    if (!event.repeat) press(Number(event.key));
  } else if (event.key.length === 1 && event.key !== " ") {
    $(view.thread ? "reply-composer" : "composer").querySelector("textarea").focus(); // the letter itself goes there, too
  }
}

export function listen() {
  document.addEventListener("keydown", pressed);
  for (const kind of ["focusin", "focusout"]) document.addEventListener(kind, () => setTimeout(showKeys));
  for (const log of [$("messages"), $("replies")]) log.addEventListener("scroll", showKeys, { passive: true });
}
