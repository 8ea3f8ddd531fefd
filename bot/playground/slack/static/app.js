import { emoji, h, mrkdwn, setNames, userName } from "./text.js";
import { render, setLists, valuesOf } from "./blocks.js";

const $ = (id) => document.getElementById(id);
const store = { get: (key, fallback) => sessionStorage.getItem(key) ?? localStorage.getItem(key) ?? fallback,
  set: (key, value) => { sessionStorage.setItem(key, value); localStorage.setItem(key, value); } };
const view = { state: null, person: null, place: null, home: null, thread: null, target: null };
let modalKey = "";

async function control(verb, body = {}) {
  const response = await fetch(`/control/${verb}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) { toast(answer.error); throw new Error(answer.error); }
  return answer;
}
const quietly = (work) => Promise.resolve(work).catch((error) => console.warn(error.stack || error));

let toastTimer;
function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $("toast").hidden = true; }, 5000);
}

const me = () => view.state.users.find((user) => user.id === view.person);
const byId = (id) => view.state.channels.find((channel) => channel.id === id);
const others = (channel) => channel.members.filter((id) => id !== view.person);
const label = (channel) => (channel.kind === "im" ? others(channel).map(userName).join(", ") || "you" : channel.name);
const mine = (channel) => channel.members.includes(view.person);
const readKey = (channel) => `read:${view.person}:${channel.id}`;
const unread = (channel) => channel.last_ts && channel.id !== view.place && channel.last_ts > (localStorage.getItem(readKey(channel)) || "");

function placeButton(text, current, go, isUnread = false) {
  return h("button", { class: `place ${isUnread ? "unread" : ""}`, "aria-current": String(current), onclick: () => { go(); closeMenu(); } }, text);
}

function drawSidebar() {
  const { state } = view;
  $("team").textContent = state.team.name;
  const options = state.users.filter((user) => !user.is_bot).map((user) => {
    const roles = [user.is_admin && "admin", (user.is_restricted || user.is_ultra_restricted) && "guest", user.locale.slice(0, 2) !== "en" && user.locale.slice(0, 2)].filter(Boolean);
    return h("option", { value: user.id, selected: user.id === view.person }, user.real_name + (roles.length ? ` (${roles.join(", ")})` : ""));
  });
  if (document.activeElement !== $("person")) $("person").replaceChildren(...options);
  const channels = state.channels.filter((channel) => channel.kind !== "im" && mine(channel));
  const direct = state.channels.filter((channel) => channel.kind === "im" && mine(channel));
  const bots = state.apps.filter((app) => !direct.some((channel) => channel.members.includes(app.user_id)));
  const goTo = (id) => () => open(id);
  $("places").replaceChildren(
    h("h3", {}, "Channels"),
    ...channels.map((channel) => placeButton(`${channel.kind === "group" ? "🔒" : "#"} ${channel.name}`, channel.id === view.place && !view.home, goTo(channel.id), unread(channel))),
    h("h3", {}, "Direct messages"),
    ...direct.map((channel) => placeButton(label(channel), channel.id === view.place && !view.home, goTo(channel.id), unread(channel))),
    ...bots.map((app) => placeButton(userName(app.user_id), false, async () => { const { channel } = await control("open_dm", { user: view.person, other: app.user_id }); await refresh(); open(channel); })),
    h("h3", {}, "App Home"),
    ...state.apps.filter((app) => app.home).map((app) => placeButton(`⌂ ${userName(app.user_id)}`, view.home === app.id, () => openHome(app.id))));
  const away = state.apps.filter((app) => !app.connected).map((app) => app.name);
  $("online").textContent = away.length ? `${away.join(", ")}: not connected` : "";
}

function busy(button, work) {
  if (button) button.disabled = true;
  return quietly(work).finally(() => { if (button) button.disabled = false; });
}

function body(message) {
  const act = (block, element, value, button) => busy(button, control("click", { user: view.person, channel: message.channel, ts: message.ts, action_id: element.action_id, block_id: block.block_id, value })
    .then((taken) => { if (!taken.acked) toast(`The app did not react (${taken.error}).`); }));
  const shown = message.blocks.length && message.app_id ? render(message.blocks, act) : mrkdwn(message.raw_text);
  const files = (message.files || []).map((file) => h("div", { class: "card" }, `📄 ${file.name || file.id}`));
  return h("div", { class: "body" }, shown, files, message.streaming ? " ▍" : null);
}

function tools(message, inThread) {
  const own = message.user === view.person && !message.ephemeral;
  const at = { user: view.person, channel: message.channel, ts: message.ts };
  const shortcuts = view.state.apps.flatMap((app) => app.shortcuts).filter((shortcut) => shortcut.kind === "message");
  return h("div", { class: "tools" }, message.ephemeral ? [] : [
    ["+1", "eyes"].map((name) => h("button", { class: "icon", title: `React with :${name}:`, onclick: () => react(message, name) }, emoji(name))),
    inThread ? null : h("button", { class: "icon", title: "Reply in thread", onclick: () => openThread(message.thread_ts || message.ts) }, "💬"),
    own ? h("button", { class: "icon", title: "Edit", onclick: () => { const text = window.prompt("Edit message", message.text); if (text) quietly(control("edit", { ...at, text })); } }, "✎") : null,
    own ? h("button", { class: "icon", title: "Delete", onclick: () => quietly(control("delete", at)) }, "🗑") : null,
    shortcuts.map((shortcut) => h("button", { class: "icon", onclick: () => quietly(control("shortcut", { ...at, callback_id: shortcut.callback_id })) }, shortcut.name)),
  ]);
}

const react = (message, name) => quietly(control("react", { user: view.person, channel: message.channel, ts: message.ts, name, add: !(message.reactions?.[name] || []).includes(view.person) }));

function line(message, inThread) {
  const hue = [...message.user].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 6;
  const name = message.app_id && message.who !== view.state.users.find((user) => user.id === message.user)?.name ? message.who : userName(message.user);
  const time = new Date(Number(message.ts) * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const statuses = view.state.statuses.filter((status) => status.channel === message.channel && status.thread_ts === message.ts);
  return [
    h("article", { class: `message ${message.ephemeral ? "ephemeral" : ""} ${message.ts === view.target ? "target" : ""}`, "data-ts": message.ts, tabindex: 0 },
      h("div", { class: `avatar a${hue}`, "aria-hidden": "true" }, name.slice(0, 1).toUpperCase()),
      h("div", { class: "body" },
        message.ephemeral ? h("span", { class: "only" }, "👁 Only visible to you") : null,
        h("div", {}, h("span", { class: "who" }, name), message.app_id || message.user === "USLACKBOT" ? h("span", { class: "tag" }, "APP") : null, h("span", { class: "time" }, time), message.edited ? h("span", { class: "edited" }, "(edited)") : null),
        body(message),
        Object.keys(message.reactions || {}).length ? h("div", { class: "reactions" }, Object.entries(message.reactions).map(([key, who]) => h("button", { class: `reaction ${who.includes(view.person) ? "mine" : ""}`, title: who.map(userName).join(", "), onclick: () => react(message, key) }, `${emoji(key)} ${who.length}`))) : null,
        !inThread && message.reply_count ? h("button", { class: "thread-link", onclick: () => openThread(message.ts) }, `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"} ›`) : null),
      tools(message, inThread)),
    inThread ? [] : statuses.map((status) => h("div", { class: "status" }, statusText(status))),
  ];
}

function statusText(status) {
  const name = userName(view.state.apps.find((app) => app.id === status.app_id)?.user_id);
  return `${name} ${status.text}${status.loading_messages.length ? ` · ${status.loading_messages[0]}` : ""}`;
}

function fill(log, nodes, empty) {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60 || !log.childElementCount;
  log.replaceChildren(...(nodes.length ? nodes : [h("p", { class: "empty" }, empty)]));
  if (atEnd) log.scrollTop = log.scrollHeight;
}

async function drawPlace() {
  if (view.home) return drawHome();
  const channel = byId(view.place);
  $("composer").hidden = !channel;
  if (!channel) return fill($("messages"), [], "Choose a channel.");
  $("title").textContent = channel.kind === "im" ? label(channel) : `${channel.kind === "group" ? "🔒" : "#"} ${channel.name}`;
  $("topic").textContent = channel.topic;
  const place = view.place;
  const { messages } = await control("transcript", { channel: place, viewer: view.person });
  if (view.place !== place || view.home) return;
  const busyLog = $("messages").querySelector("select:focus, input:focus");
  if (!busyLog) fill($("messages"), messages.filter((m) => !m.thread_ts || m.thread_ts === m.ts || (m.ephemeral && !view.thread && m.thread_ts === null)).flatMap((m) => line(m, false)).flat(), "Nothing here yet. Say something.");
  if (channel.last_ts) localStorage.setItem(readKey(channel), channel.last_ts);
  drawThread(messages);
}

function drawThread(messages) {
  $("thread").hidden = !view.thread;
  if (!view.thread) return;
  const inThread = messages.filter((m) => m.ts === view.thread || m.thread_ts === view.thread);
  const statuses = view.state.statuses.filter((status) => status.thread_ts === view.thread);
  fill($("replies"), [...inThread.flatMap((m) => line(m, true)).flat(), ...statuses.map((status) => h("div", { class: "status" }, statusText(status)))], "This thread is gone.");
}

async function drawHome() {
  const app = view.state.apps.find((candidate) => candidate.id === view.home);
  $("title").textContent = `${userName(app.user_id)}: Home`;
  $("topic").textContent = "";
  $("composer").hidden = true;
  $("thread").hidden = true;
  const { homes } = await control("screen", { user: view.person });
  const home = homes.find((candidate) => candidate.app_id === app.id);
  const act = (block, element, value, button) => busy(button, control("act", { user: view.person, view_id: home.id, action_id: element.action_id, block_id: block.block_id, value }));
  $("messages").replaceChildren(h("div", { class: "body empty" }, home ? render(home.blocks, act, home.values) : "The app has published nothing here."));
}

async function drawModal() {
  const { modals } = await control("screen", { user: view.person });
  const top = modals.at(-1);
  const dialog = $("modal");
  const key = top ? `${top.id}${top.hash}${JSON.stringify(top.errors)}` : "";
  if (key === modalKey) return;
  const typed = modalKey.startsWith(top?.id || "?") ? valuesOf(dialog) : null;
  modalKey = key;
  if (!top) { dialog.close(); return; }
  const act = (block, element, value, button) => busy(button, control("act", { user: view.person, view_id: top.id, action_id: element.action_id, block_id: block.block_id, value }));
  const close = () => quietly(control("close_view", { user: view.person, view_id: top.id }));
  const submit = async (event) => {
    event.preventDefault();
    const answer = await control("submit", { user: view.person, view_id: top.id, values: valuesOf(dialog) });
    if (answer.error) toast(`We had some trouble connecting. Try again? (${answer.error})`);
  };
  dialog.replaceChildren(h("form", { onsubmit: (event) => quietly(submit(event)), novalidate: true },
    h("header", { class: "bar" }, h("h2", { class: "grow" }, top.title), h("button", { type: "button", class: "icon", "aria-label": "Close", onclick: close }, "✕")),
    h("div", { class: "content body" }, render(top.blocks, act, top.values, top.errors)),
    h("footer", {}, h("button", { type: "button", class: "btn", onclick: close }, top.close || "Cancel"), top.submit ? h("button", { class: "btn primary" }, top.submit) : null)));
  dialog.oncancel = (event) => { event.preventDefault(); close(); };
  if (typed && !Object.keys(top.errors).length) restore(dialog, typed);
  if (!dialog.open) dialog.showModal();
}

function restore(dialog, typed) {
  for (const field of dialog.querySelectorAll("[data-block]")) {
    const value = typed[`${field.dataset.block}/${field.dataset.action}`];
    const node = field.querySelector("input:not([type=radio]):not([type=checkbox]), textarea");
    if (node && typeof value === "string") node.value = value;
  }
}

function open(id, thread = null) {
  Object.assign(view, { place: id, home: null, thread });
  history.replaceState(null, "", `#${id}`);
  store.set("place", id);
  $("messages").replaceChildren();
  drawSidebar();
  quietly(drawPlace());
}
function openThread(ts) { view.thread = ts; $("replies").replaceChildren(); quietly(drawPlace()).then(() => $("reply-composer").querySelector("textarea").focus()); }
function openHome(app) { Object.assign(view, { home: app, thread: null }); drawSidebar(); quietly(control("open_home", { user: view.person, app_id: app }).then(drawHome)); }
function closeMenu() { $("sidebar").classList.remove("open"); $("menu").setAttribute("aria-expanded", "false"); }

function composer(form, thread, isReply) {
  const hint = h("div", { class: "hint" });
  const box = h("textarea", { rows: 1, placeholder: isReply ? "Reply…" : "Message, @name, or /command", "aria-label": isReply ? "Reply" : "Message" });
  const grow = () => { box.rows = Math.min(10, box.value.split("\n").length); };
  const send = async () => {
    const text = box.value.trim();
    if (!text) return;
    const sent = { user: view.person, channel: view.place, text, ...(thread() ? { thread_ts: thread() } : {}) };
    box.value = "";
    grow();
    try { await control(text.startsWith("/") ? "command" : "say", sent); } catch { if (!box.value) box.value = text; }
  };
  box.addEventListener("input", () => {
    grow();
    const word = box.value.split(/\s/).at(-1);
    if (box.value.startsWith("/")) hint.textContent = view.state.apps.flatMap((app) => app.commands).filter((c) => c.name.startsWith(box.value.split(" ")[0])).map((c) => `${c.name} ${c.usage_hint} ${c.description}`).join("  ·  ");
    else if (word.startsWith("@") && word.length > 0) hint.textContent = view.state.users.filter((u) => u.name.startsWith(word.slice(1))).slice(0, 6).map((u) => `@${u.name}`).join("  ") + "  (Tab)";
    else hint.textContent = "";
  });
  box.addEventListener("keydown", (event) => {
    const word = box.value.split(/\s/).at(-1);
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); quietly(send()); hint.textContent = ""; }
    if (event.key === "Tab" && word.startsWith("@")) {
      const found = view.state.users.find((u) => u.name.startsWith(word.slice(1)));
      if (found) { event.preventDefault(); box.value = `${box.value.slice(0, -word.length)}@${found.name} `; hint.textContent = ""; }
    }
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); quietly(send()); });
  form.append(h("div", { class: "frame" }, box, h("button", { class: "btn primary", "aria-label": "Send" }, "➤")), hint);
}

async function refresh() {
  view.state = await control("state");
  setNames({ users: new Map(view.state.users.map((u) => [u.id, u])), channels: new Map(view.state.channels.map((c) => [c.id, c])) });
  setLists(view.state.users, view.state.channels.filter((c) => c.kind !== "im"));
  if (!me()) view.person = view.state.users.find((user) => !user.is_bot)?.id;
  if (!byId(view.place) || !mine(byId(view.place))) view.place = view.state.channels.find((c) => c.kind !== "im" && mine(c))?.id;
  drawSidebar();
}

let pending = false;
let running = false;
async function redraw() {
  if (running) { pending = true; return; }
  running = true;
  do {
    pending = false;
    await quietly(refresh().then(() => Promise.all([drawPlace(), drawModal()])));
    await new Promise((done) => { setTimeout(done, 40); });
  } while (pending);
  running = false;
}

function start() {
  const [place, message] = location.hash.slice(1).split("/");
  view.place = place || store.get("place", null);
  view.person = new URLSearchParams(location.search).get("as") || store.get("person", null);
  if (message) { view.target = `${message.slice(1, -6)}.${message.slice(-6)}`; view.thread = view.target; }
  composer($("composer"), () => null, false);
  composer($("reply-composer"), () => view.thread, true);
  $("person").addEventListener("change", (event) => { view.person = event.target.value; store.set("person", view.person); event.target.blur(); view.thread = null; $("messages").replaceChildren(); redraw(); });
  $("menu").addEventListener("click", () => $("menu").setAttribute("aria-expanded", String($("sidebar").classList.toggle("open"))));
  $("main").addEventListener("click", (event) => { if (event.target !== $("menu")) closeMenu(); });
  $("close-thread").addEventListener("click", () => { view.thread = null; $("thread").hidden = true; });
  const changes = new EventSource("/changes");
  changes.onopen = redraw;
  changes.onmessage = redraw;
  changes.onerror = () => { $("online").textContent = "reconnecting…"; };
}
start();
