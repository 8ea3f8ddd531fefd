// The page: who acts, which place is open, and drawing again whenever the server says that something changed.
import { h, setNames, setReader, userName } from "./text.js";
import { render, setLists } from "./blocks.js";
import { awaitsAnswer, composer, offer, questionsOf } from "./composer.js";
import { drawModal } from "./dialogs.js";
import { listen, showKeys, votes } from "./keys.js";
import { dayLine, fill, messageLine, nameOf, statusLine, statusText, timeOf, toEnd } from "./messages.js";
import { $, announce, appIn, avatar, busy, byId, control, dismissed, label, look, me, memory, mine, quietly, readMark, role, tellUnlessAcked, titled, touch, view } from "./state.js";

const RECONNECT_MS = 1000;
const TELL_LOST_MS = 800;
const LONGEST_SAID = 300;
const SHOWN_MS = 5000;
const LOOK_AGAIN_MS = 10000;
const namers = {};
let lost = false;
let opener = null;
let shown = null;
let named = null; // the place in the page's address when it was opened: whoever follows a link wants the newest

const unread = (channel) => channel.last_ts && channel.id !== view.place && channel.last_ts > readMark(channel).get();

function become(id) {
  if (id === view.person) return;
  view.person = id;
  memory.set("person", id);
  announce(`You are ${me().real_name} now.`);
  quietly(redraw());
}

function drawPeople() {
  const people = view.state.users.filter((user) => !user.is_bot);
  $("acting-name").textContent = `${me().real_name} (${role(me())})`;
  const held = $("people").contains(document.activeElement) && document.activeElement.dataset.id;
  $("people").replaceChildren(...people.map((user) => {
    const about = [role(user), user.locale && !user.locale.startsWith("en") ? user.locale.slice(0, 2) : ""].filter(Boolean).join(", ");
    return h("button", { class: "person-button", "data-id": user.id, title: `Act as ${user.real_name} (${about})`, "aria-label": `${user.real_name}, ${about}`, "aria-pressed": String(user.id === view.person), onclick: () => become(user.id) }, avatar(user.id, user.real_name), h("small", {}, user.real_name.split(" ")[0]));
  }));
  if (held) $("people").querySelector(`[data-id="${held}"]`)?.focus();
  for (const select of document.querySelectorAll("select.person")) {
    if (document.activeElement !== select) select.replaceChildren(...people.map((user) => h("option", { value: user.id, selected: user.id === view.person }, user.real_name.split(" ")[0])));
  }
}

function placeButton(text, current, go, isUnread = false) {
  return h("li", {}, h("button", { class: `place ${isUnread ? "unread" : ""}`, "data-key": text, "aria-current": current ? "page" : null, onclick: () => { closeMenu(); go(); } }, h("span", {}, text), isUnread ? h("span", { class: "unseen" }, ", unread") : null));
}

function drawSidebar() {
  const { state } = view;
  $("team").textContent = state.team.name;
  drawPeople();
  const isOpen = (channel) => channel.id === view.place && !view.home;
  const button = (channel) => placeButton(titled(channel), isOpen(channel), () => open(channel.id), unread(channel));
  const channels = state.channels.filter((channel) => channel.kind !== "im" && mine(channel));
  const direct = state.channels.filter((channel) => channel.kind === "im" && mine(channel));
  const bots = state.apps.filter((app) => !direct.some((channel) => channel.members.includes(app.user_id)));
  const openDirect = async (app) => { const { channel } = await control("open_dm", { user: view.person, other: app.name }); await refresh(); open(channel); };
  const homes = state.apps.filter((app) => app.home);
  const held = document.activeElement?.closest("#places .place")?.dataset.key;
  $("places").replaceChildren(
    h("h2", {}, "Channels"), h("ul", {}, channels.map(button)),
    h("h2", {}, "Direct messages"), h("ul", {}, direct.map(button), bots.map((app) => placeButton(userName(app.user_id), false, () => quietly(openDirect(app))))),
    ...(homes.length ? [h("h2", {}, "App Home"), h("ul", {}, homes.map((app) => placeButton(`⌂ ${userName(app.user_id)}`, view.home === app.id, () => openHome(app.id))))] : []));
  if (held) [...$("places").querySelectorAll(".place")].find((node) => node.dataset.key === held)?.focus();
  drawBanner();
}

function drawBanner() {
  const away = (view.state?.apps || []).filter((app) => !app.connected).map((app) => app.name);
  const text = lost ? "Connection lost. Is the local Slack still running? Trying again …" : away.length ? `${away.join(", ")} is not connected just now: answers may take a while, and commands fail.` : "";
  $("banner").hidden = !text;
  if ($("banner").textContent !== text) $("banner").textContent = text;
}

const hello = (channel) => (channel.kind === "im" && appIn(channel)
  ? `This is your direct message with ${label(channel)}. Just ask, without a mention. Only you see the answers.`
  : "Nothing here yet. Say something.");
const empty = (text) => ({ key: `empty:${text}`, sign: text, make: () => h("p", { class: "empty" }, text) });

function withDays(messages, lineOf) {
  let last = "";
  return messages.flatMap((message) => {
    const when = timeOf(message);
    const first = when.toDateString() !== last;
    last = when.toDateString();
    return first ? [dayLine(when), ...lineOf(message)] : lineOf(message);
  });
}

function say(log, messages, added) {
  for (const message of messages) {
    if (message.user === view.person || !added.includes(`${message.channel}:${message.ts}`)) continue;
    const text = log.querySelector(`[data-ts="${CSS.escape(message.ts)}"] .body`)?.textContent || "";
    announce(`${nameOf(message)}: ${text.slice(0, LONGEST_SAID)}`);
  }
}

async function drawPlace() {
  if (view.home) return drawHome();
  const channel = byId(view.place);
  $("composer").hidden = !channel;
  if (!channel) { fill($("messages"), [empty("Choose a channel.")], "nothing"); return; }
  $("title").textContent = titled(channel);
  document.title = `${titled(channel)} · Local Slack`;
  $("topic").textContent = channel.topic;
  namers.composer(`Message ${titled(channel)} as ${me().real_name}`);
  namers.reply(`Reply as ${me().real_name}`);
  const { place, person } = view;
  const all = (await look("transcript", { channel: place, viewer: person })).messages.filter((message) => !message.ephemeral || !dismissed(message).has());
  if (view.place !== place || view.home || view.person !== person) return;
  settleTarget(all);
  const roots = all.filter((message) => !message.thread_ts || message.thread_ts === message.ts);
  const repliesTo = (root) => all.filter((message) => message.thread_ts === root.ts && message.ts !== root.ts && !message.ephemeral);
  const first = roots.find((message) => !message.ephemeral);
  const welcome = questionsOf(first);
  const asked = new Set(welcome.filter((question) => all.some((message) => message !== first && message.raw_text.includes(question))));
  const statuses = view.state.statuses.filter((status) => status.channel === place);
  const entries = withDays(roots, (message) => [
    messageLine(message, { openThread, thread: repliesTo(message), welcome: message === first ? welcome : [], asked, redraw }),
    ...statuses.filter((status) => status.thread_ts === message.ts).map(statusLine)]);
  const added = fill($("messages"), entries.length ? entries : [empty(hello(channel))], `${place} ${person}`, !readMark(channel).has() && place !== named);
  say($("messages"), roots, added);
  for (const status of statuses) if (added.includes(statusLine(status).key)) announce(statusText(status));
  offer(roots.some((message) => message !== first && !message.ephemeral) ? welcome : [], asked);
  if (channel.last_ts) readMark(channel).set(channel.last_ts);
  drawThread(all, statuses);
  showKeys();
  if (view.target && view.target !== shown) { shown = view.target; showTarget(); }
}

// A permalink names a message; when it is a reply, or has replies, its thread opens too.
function settleTarget(all) {
  if (!view.target || view.thread !== view.target) return;
  const found = all.find((message) => message.ts === view.target);
  view.thread = found?.thread_ts || (found?.reply_count ? found.ts : null);
}
function showTarget() {
  const target = view.target;
  for (const [log, ts] of [[$("messages"), view.thread || target], [$("replies"), target]]) log.querySelector(`[data-ts="${CSS.escape(ts)}"]`)?.scrollIntoView({ block: "start" });
  setTimeout(() => { if (view.target === target) { view.target = null; redraw(); } }, SHOWN_MS);
}

function drawThread(all, statuses) {
  $("thread").hidden = !view.thread;
  if (!view.thread) return;
  $("thread-place").textContent = titled(byId(view.place));
  const inThread = all.filter((message) => message.ts === view.thread || message.thread_ts === view.thread);
  const entries = [...inThread.flatMap((message) => messageLine(message, { redraw })), ...statuses.filter((status) => status.thread_ts === view.thread).map(statusLine)];
  const added = fill($("replies"), inThread.length ? entries : [empty("This thread is gone.")], `${view.place} ${view.thread}`);
  say($("replies"), inThread, added);
}

async function drawHome() {
  const app = view.state.apps.find((candidate) => candidate.id === view.home);
  $("title").textContent = `${userName(app.user_id)}: Home`;
  $("topic").textContent = "";
  $("composer").hidden = true;
  $("thread").hidden = true;
  const { homes } = await look("screen", { user: view.person });
  const home = homes.find((candidate) => candidate.app_id === app.id);
  const act = (block, element, value, button) => busy(button, control("act", { user: view.person, view_id: home.id, action_id: element.action_id, block_id: block.block_id, value }).then((taken) => tellUnlessAcked(taken, app.id)));
  fill($("messages"), [{ key: "home", sign: JSON.stringify(home || null), make: () => h("div", { class: home ? "body home" : "body empty" }, home ? render(home.blocks, act, home.values) : "The app has published nothing here.") }], `home ${app.id} ${view.person}`, true);
}

function open(id) {
  Object.assign(view, { place: id, home: null, thread: null, target: null });
  history.replaceState(null, "", `#${id}`);
  memory.set("place", id);
  drawSidebar();
  const box = $("composer").querySelector("textarea");
  const at = document.activeElement;
  const unmoved = () => view.place === id && !view.home && [at, document.body].includes(document.activeElement);
  quietly(drawPlace()).then(() => { if (!touch() && unmoved() && !votes()) box.focus(); });
}

function openThread(ts, focus = true) {
  view.thread = ts;
  opener = ts;
  const drawn = quietly(drawPlace());
  if (focus) drawn.then(() => (touch() ? $("close-thread") : $("reply-composer").querySelector("textarea")).focus());
}
function closeThread() {
  view.thread = null;
  $("thread").hidden = true;
  $("messages").querySelector(`[data-ts="${opener}"] .thread-link`)?.focus({ preventScroll: true });
}

function openHome(app) {
  Object.assign(view, { home: app, thread: null });
  drawSidebar();
  quietly(control("open_home", { user: view.person, app_id: app }).then(drawHome));
}

function openMenu() { $("sidebar").classList.add("open"); $("menu").setAttribute("aria-expanded", "true"); $("people").querySelector("[aria-pressed=true]")?.focus(); }
function closeMenu() { $("sidebar").classList.remove("open"); $("menu").setAttribute("aria-expanded", "false"); }

async function refresh() {
  view.state = await look("state");
  setNames({ users: new Map(view.state.users.map((user) => [user.id, user])), channels: new Map(view.state.channels.map((channel) => [channel.id, channel])) });
  setLists(view.state.users, view.state.channels.filter((channel) => channel.kind !== "im"));
  const people = view.state.users.filter((user) => !user.is_bot);
  if (!people.some((user) => user.id === view.person)) {
    const named = people.find((user) => user.name === view.person);
    view.person = (named || people.find((user) => role(user) === "member") || people[0])?.id;
  }
  setReader(view.state.users.find((user) => user.id === view.person)?.locale);
  if (!byId(view.place) || !mine(byId(view.place))) Object.assign(view, { place: view.state.channels.find((channel) => channel.kind !== "im" && mine(channel))?.id, thread: null });
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

function connect() {
  const changes = new EventSource("/changes");
  let telling;
  changes.onopen = () => { clearTimeout(telling); telling = null; if (lost) $("toast").hidden = true; lost = false; redraw(); };
  changes.onmessage = redraw;
  changes.onerror = () => {
    telling ??= setTimeout(() => { lost = true; drawBanner(); }, TELL_LOST_MS);
    if (changes.readyState === EventSource.CLOSED) setTimeout(connect, RECONNECT_MS);
  };
}

function escape(event) {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  if ($("sidebar").classList.contains("open")) { closeMenu(); $("menu").focus(); } else if (view.thread) closeThread();
  else if (document.activeElement === $("composer").querySelector("textarea") && !document.activeElement.value) document.activeElement.blur();
}

function start() {
  const [place, message] = location.hash.slice(1).split("/");
  view.place = place || memory.get("place");
  named = place;
  view.person = new URLSearchParams(location.search).get("as") || memory.get("person");
  if (message) { view.target = `${message.slice(1, -6)}.${message.slice(-6)}`; view.thread = view.target; }
  namers.composer = composer($("composer"), { thread: () => null, before: () => toEnd($("messages")), sent: (said, text) => { if (awaitsAnswer(text)) openThread(said.ts, false); } });
  namers.reply = composer($("reply-composer"), { thread: () => view.thread, before: () => toEnd($("replies")) });
  for (const select of document.querySelectorAll("select.person")) select.addEventListener("change", () => { select.blur(); become(select.value); });
  $("menu").addEventListener("click", () => ($("sidebar").classList.contains("open") ? closeMenu() : openMenu()));
  $("main").addEventListener("click", (event) => { if (!$("menu").contains(event.target)) closeMenu(); });
  $("close-thread").addEventListener("click", closeThread);
  window.addEventListener("hashchange", () => location.reload());
  document.addEventListener("keydown", escape);
  listen();
  setInterval(() => { if (!document.hidden && !lost) redraw(); }, LOOK_AGAIN_MS); // what ends by itself is not told: a status, an app's connection
  connect();
}
start();
