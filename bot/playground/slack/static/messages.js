// Messages as people see them, and logs that change only where something changed (so focus and scrolling stay).
import { emoji, dated, h, mrkdwn, userName } from "./text.js";
import { render } from "./blocks.js";
import { ask, questionsOf } from "./composer.js";
import { edited, sure } from "./dialogs.js";
import { announce, avatar, busy, clicks, control, dismissed, quietly, tellUnlessAcked, view } from "./state.js";

const NEAR_END = 80;
const MUCH = 0.4; // of a screen: what is new and reaches further than this beyond one screen is shown from its beginning
let pressed = null; // the message whose button was used last: when that settles it, such as a duel that closes, its outcome is shown
const LONGEST_SAID = 300;
const signs = new WeakMap();
const ends = new WeakMap();
const atEndOf = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;

export const timeOf = (message) => new Date(Number(message.ts) * 1000);
export const nameOf = (message) => (message.app_id && message.who !== view.state.users.find((user) => user.id === message.user)?.name ? message.who : userName(message.user));

export function statusText(status) {
  const name = userName(view.state.apps.find((app) => app.id === status.app_id)?.user_id);
  return `${name} ${status.text}${status.loading_messages.length ? ` · ${status.loading_messages[0]}` : ""}`.replace(/\s*(…|\.\.\.)$/, "");
}
export const statusLine = (status) => ({ key: `status:${status.channel}:${status.thread_ts}`, sign: statusText(status),
  make: () => h("p", { class: "status" }, statusText(status), h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"))) });

export const dayLine = (when) => ({ key: `day:${when.toDateString()}`, sign: dated(when, "{date_long_pretty}"), make: () => h("h2", { class: "day" }, h("span", {}, dated(when, "{date_long_pretty}"))) });

function body(message, welcome, asked) {
  const key = `${message.channel}:${message.ts}`;
  const act = (block, element, value, button) => { const click = { node: button?.closest("article"), at: Infinity }; pressed = key; clicks.set(key, click); return busy(button, control("click", { user: view.person, channel: message.channel, ts: message.ts, action_id: element.action_id, block_id: block.block_id, value })
    .then((taken) => tellUnlessAcked(taken, message.app_id)).finally(() => { click.at = Date.now(); })); };
  const question = (text) => (welcome.includes(text) ? h("button", { class: `ask ${asked.has(text) ? "asked" : ""}`, title: "Put this into the message field", onclick: () => ask(text) }, text, asked.has(text) ? h("small", {}, " asked") : null) : null);
  const shown = message.blocks.length && message.app_id ? render(message.blocks, act) : mrkdwn(message.raw_text, question);
  const files = (message.files || []).map((file) => h("div", { class: "card file" }, h("span", { "aria-hidden": "true" }, "📄"), h("span", { class: "name" }, file.title || file.name || file.id, file.title && file.title !== file.name ? h("small", {}, ` ${file.name}`) : null),
    file.url_private_download ? h("a", { href: new URL(file.url_private_download, location.origin).pathname.replace("/files/", "/downloads/"), download: file.name }, "Download") : null));
  return h("div", { class: "body" }, shown, files, message.streaming ? h("span", { class: "caret", "aria-hidden": "true" }, "▍") : null);
}

const react = (message, name) => quietly(control("react", { user: view.person, channel: message.channel, ts: message.ts, name, add: !(message.reactions?.[name] || []).includes(view.person) }));

function tools(message, openThread) {
  if (message.ephemeral || message.subtype === "tombstone") return null;
  const own = message.user === view.person;
  const at = { user: view.person, channel: message.channel, ts: message.ts };
  const shortcuts = view.state.apps.flatMap((app) => app.shortcuts.map((shortcut) => ({ ...shortcut, app: app.id }))).filter((shortcut) => shortcut.kind === "message");
  const tool = (title, sign, work) => h("button", { class: "icon", title, "aria-label": title, onclick: () => quietly(work()) }, sign);
  const edit = async () => { const text = await edited(message.text); if (text) await control("edit", { ...at, text }); };
  const remove = async () => { if (await sure("Delete this message?", "It is gone for everybody then.", "Delete")) await control("delete", at); };
  return h("div", { class: "tools", role: "toolbar", "aria-label": "What to do with this message" },
    ["+1", "eyes"].map((name) => tool(`React with ${name}`, emoji(name), () => react(message, name))),
    openThread ? tool("Reply in thread", "💬", () => openThread(message.thread_ts || message.ts)) : null,
    own ? tool("Edit", "✎", edit) : null,
    own || view.state.users.find((user) => user.id === view.person)?.is_admin ? tool("Delete", "🗑", remove) : null,
    shortcuts.map((shortcut) => tool(shortcut.name, shortcut.name, () => control("shortcut", { ...at, callback_id: shortcut.callback_id }).then((taken) => tellUnlessAcked(taken, shortcut.app)))));
}

function replies(message, openThread, thread) {
  if (!openThread || !thread.length) return null;
  const faces = [...new Map(thread.map((reply) => [reply.user, nameOf(reply)]))].slice(0, 3);
  return h("button", { class: "thread-link", "aria-label": `Open the thread: ${thread.length} ${thread.length === 1 ? "reply" : "replies"}`, onclick: () => openThread(message.ts) }, faces.map(([id, name]) => avatar(id, name)),
    h("span", {}, `${thread.length} ${thread.length === 1 ? "reply" : "replies"}`), h("small", {}, `last ${dated(timeOf(thread.at(-1)), "{date_short_pretty} {time}")}`));
}

// `openThread` is null inside a thread; `thread` holds the replies that the viewer sees.
export function messageLine(message, { openThread = null, thread = [], welcome = [], asked = new Set(), redraw }) {
  const name = nameOf(message);
  const when = timeOf(message);
  const make = () => h("article", { class: `message ${message.ephemeral ? "ephemeral" : ""} ${message.ts === view.target ? "target" : ""}`, "aria-label": `${name}, ${dated(when, "{time}")}`, "data-ts": message.ts, tabindex: -1 },
    avatar(message.user, name),
    h("div", { class: "column" },
      message.ephemeral ? h("div", { class: "only" }, "👁 Only visible to you", h("button", { class: "quiet", onclick: () => { dismissed(message).set(); redraw(); } }, "Dismiss")) : null,
      h("div", { class: "byline" }, h("span", { class: "who" }, name), message.app_id || message.user === "USLACKBOT" ? h("span", { class: "tag" }, "APP") : null,
        h("time", { class: "time", datetime: when.toISOString(), title: dated(when, "{date_long} {time_secs}") }, dated(when, "{time}")), message.edited ? h("span", { class: "time" }, "(edited)") : null),
      body(message, welcome, asked),
      Object.keys(message.reactions || {}).length ? h("div", { class: "reactions" }, Object.entries(message.reactions).map(([key, who]) => h("button", { class: `reaction ${who.includes(view.person) ? "mine" : ""}`, title: who.map(userName).join(", "), "aria-label": `${key}, ${who.length}`, "aria-pressed": String(who.includes(view.person)), onclick: () => react(message, key) }, `${emoji(key)} ${who.length}`))) : null,
      replies(message, openThread, thread)),
    tools(message, openThread));
  const sign = JSON.stringify([message, view.person, message.ts === view.target, thread.map((reply) => reply.ts), welcome.length ? [...asked] : 0]);
  return { key: `${message.channel}:${message.ts}`, sign, make };
}

const FOCUSABLE = "button, a, input, select, textarea, [tabindex]";
function focusIn(log) {
  const child = [...log.children].find((node) => node.contains(document.activeElement));
  return child && { key: child.dataset.key, act: document.activeElement.dataset.act, at: child === document.activeElement ? -1 : [...child.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement) };
}

// What a message says above its buttons: another text there is something else to read, such as the next pair of a tasting.
function readOf(node) {
  const parts = [...(node.querySelector(".body")?.children || [])];
  const end = parts.findIndex((part) => part.matches(".actions"));
  return parts.slice(0, end < 0 ? parts.length : end).map((part) => part.textContent).join("\n");
}

// What comes next is followed, wherever the reader was before.
export function toEnd(log) { log.scrollTop = log.scrollHeight; ends.set(log, true); }

// Show `entries` ({key, sign, make}) in a log, keeping what has not changed. `of` names what is shown: another name starts afresh.
export function fill(log, entries, of, fromTop = false) {
  const fresh = log.dataset.of !== of;
  log.dataset.of = of;
  const atEnd = ends.get(log) || atEndOf(log);
  const before = new Map(fresh ? [] : [...log.children].map((node) => [node.dataset.key, node]));
  const held = fresh ? null : focusIn(log);
  const added = [];
  let settled = null;
  let next = null;
  const nodes = entries.map(({ key, sign, make }) => {
    const old = before.get(key);
    if (old && signs.get(old) === sign) return old;
    const node = make();
    if (old && key === pressed && !node.querySelector(".actions") && old.querySelector(".actions")) settled = node;
    else if (old && key === pressed && readOf(node) !== readOf(old)) next = node;
    node.dataset.key = key;
    signs.set(node, sign);
    if (!old) added.push(key);
    return node;
  });
  const kept = new Set(nodes);
  for (const node of [...log.children]) if (!kept.has(node)) node.remove();
  nodes.forEach((node, at) => { if (log.children[at] !== node) log.insertBefore(node, log.children[at] || null); });
  if (held && !log.contains(document.activeElement)) {
    const child = nodes.find((node) => node.dataset.key === held.key);
    const same = held.act && child?.querySelector(`[data-act="${CSS.escape(held.act)}"]`);
    (same || (held.at < 0 ? child : child?.querySelectorAll(FOCUSABLE)[held.at]))?.focus({ preventScroll: true });
  }
  if (fresh && fromTop) log.scrollTop = 0;
  else if (fresh || atEnd) {
    log.scrollTop = log.scrollHeight;
    const first = !fresh && nodes.find((node) => added.includes(node.dataset.key));
    if (first && log.scrollTop - first.offsetTop > log.clientHeight * MUCH) log.scrollTop = first.offsetTop; // read from its beginning
    const newest = fresh && nodes.at(-1);
    if (newest && newest.offsetTop < log.scrollTop) log.scrollTop = newest.offsetTop;
  }
  if (settled) { pressed = null; settled.scrollIntoView({ block: "nearest" }); }
  if (next) {
    if (next.offsetTop < log.scrollTop || next.offsetTop > log.scrollTop + log.clientHeight * MUCH) log.scrollTop = next.offsetTop;
    announce(next.querySelector(".body").textContent.slice(0, LONGEST_SAID));
  }
  note(log, !fresh && !atEnd && added.some((key) => !key.startsWith("day:") && !key.startsWith("status:")));
  return fresh ? [] : added;
}

// The button that leads down to what came in while the reader was further up.
function note(log, more) {
  const button = log.nextElementSibling;
  if (more) button.hidden = false;
  const known = ends.has(log);
  ends.set(log, atEndOf(log));
  if (ends.get(log)) button.hidden = true;
  if (known) return;
  let top = log.scrollTop;
  const look = () => { // what grows under the reader does not count as going away from the end
    if (atEndOf(log)) { ends.set(log, true); button.hidden = true; } else if (log.scrollTop < top) ends.set(log, false);
    top = log.scrollTop;
  };
  button.addEventListener("click", () => { log.scrollTop = log.scrollHeight; log.focus(); });
  log.addEventListener("scroll", look);
  new ResizeObserver(() => { if (ends.get(log)) log.scrollTop = log.scrollHeight; }).observe(log);
  log.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || (event.target !== log && event.target.tagName !== "ARTICLE")) return;
    const all = [...log.querySelectorAll("article")];
    const next = event.target === log ? all.at(step < 0 ? -1 : 0) : all[all.indexOf(event.target) + step];
    if (next) { event.preventDefault(); next.focus(); next.scrollIntoView({ block: "nearest" }); }
  });
}
