// Where people type: mentions and commands are offered while typing, questions to try above the field.
import { h } from "./text.js";
import { $, appIn, byId, control, quietly, touch, view, wide } from "./state.js";

const OFFERED = 3;

// The first message that a person left in a channel may list questions, a line with "• " each: those are for trying.
export function questionsOf(message) {
  if (!message || message.app_id) return [];
  return message.raw_text.split("\n").filter((line) => line.startsWith("• ")).map((line) => line.slice(2).trim());
}

export function ask(question) {
  const app = appIn(byId(view.place)) || view.state.apps[0];
  const box = $("composer").querySelector("textarea");
  box.value = app ? `@${app.name} ${question}` : question;
  box.dispatchEvent(new Event("input"));
  if (touch()) $("composer").scrollIntoView({ block: "end" });
  else box.focus();
  $("composer").querySelector(".btn").classList.add("ready");
}

export function offer(questions, asked) {
  const left = questions.filter((question) => !asked.has(question)).slice(0, OFFERED);
  const chips = $("composer").querySelector(".chips");
  chips.hidden = !left.length;
  const key = left.join("\n");
  if (chips.dataset.key === key) return;
  chips.dataset.key = key;
  chips.replaceChildren(h("span", {}, "Try:"), ...left.map((question) => h("button", { type: "button", class: "chip", onclick: () => ask(question) }, question)));
}

// What fits what was typed so far: [text to put in, what it is, the part of the field that it replaces].
function suggestions(typed) {
  const word = typed.split(/\s/).at(-1);
  if (word.startsWith("@")) {
    return view.state.users.filter((user) => user.name.startsWith(word.slice(1).toLowerCase())).slice(0, 6)
      .map((user) => ({ put: `@${user.name} `, shown: `@${user.name}`, what: user.real_name, replaces: word }));
  }
  if (!typed.startsWith("/") || typed.includes("\n")) return [];
  const all = view.state.apps.flatMap((app) => app.commands).flatMap((command) => {
    const ways = command.usage_hint ? command.usage_hint.split(" | ") : [""];
    return ways.map((way, at) => ({ put: `${command.name} ${way.replace(/[<[].*/, "")}`, shown: `${command.name} ${way}`, what: "", about: at ? "" : command.description, replaces: typed }));
  });
  const bots = view.state.apps.map((app) => ({ put: `/invite @${app.name}`, shown: `/invite @${app.name}`, what: "Bring the app into this channel", replaces: typed }));
  return [...all, ...bots].filter((one) => one.put.startsWith(typed) && one.put.trim() !== typed.trim());
}

// `thread()` names the thread that is written to; `before()` is called before something is sent, `sent()` after a message was.
export function composer(form, { thread, before, sent }) {
  const listId = `${form.id}-list`;
  const list = h("ul", { class: "suggest", id: listId, role: "listbox", "aria-label": "Suggestions", hidden: true });
  const box = h("textarea", { rows: 1, "aria-autocomplete": "list", "aria-controls": listId, autocomplete: "off", enterkeyhint: "send" });
  const button = h("button", { class: "btn primary", "aria-label": "Send", title: "Send" }, "➤");
  let found = [];
  let at = -1;

  const grow = () => { box.style.height = "auto"; box.style.height = `${box.scrollHeight}px`; };
  const mark = (index) => {
    at = index;
    [...list.querySelectorAll("[role=option]")].forEach((item, row) => item.setAttribute("aria-selected", String(row === at)));
    if (at >= 0) box.setAttribute("aria-activedescendant", `${listId}-${at}`);
    else box.removeAttribute("aria-activedescendant");
  };
  const close = () => { found = []; list.hidden = true; list.replaceChildren(); mark(-1); };
  const take = (one) => {
    box.value = box.value.slice(0, box.value.length - one.replaces.length) + one.put;
    box.focus();
    box.dispatchEvent(new Event("input"));
  };
  const suggest = () => {
    found = suggestions(box.value);
    if (!found.length) { close(); return; }
    list.replaceChildren(...found.flatMap((one, row) => [one.about ? h("li", { class: "caption", role: "presentation" }, one.about) : "", h("li", { id: `${listId}-${row}`, role: "option", "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); take(one); } }, h("b", {}, one.shown), " ", h("small", {}, one.what))]).filter(Boolean));
    list.hidden = false;
    mark(box.value.startsWith("/") ? -1 : 0);
  };
  const send = async () => {
    const text = box.value.trim();
    if (!text) return;
    const isCommand = text.startsWith("/");
    const said = { user: view.person, channel: view.place, text, ...(thread() ? { thread_ts: thread() } : {}) };
    box.value = "";
    close();
    grow();
    button.classList.remove("ready");
    before();
    try {
      const answer = await control(isCommand ? "command" : "say", said);
      if (!isCommand) sent?.(answer, text);
    } catch {
      if (!box.value) box.value = text;
      grow();
    }
  };

  box.addEventListener("input", () => { grow(); suggest(); });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = found.length > 0;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      mark((at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length);
    } else if (open && event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (open && event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      take(found[Math.max(at, 0)]);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      const whole = open && at >= 0 && found[at].put.trim() === found[at].replaces;
      if (open && at >= 0 && !whole) take(found[at]);
      else quietly(send());
    }
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); quietly(send()); });
  form.append(h("div", { class: "chips", hidden: true }), h("div", { class: "frame" }, list, box, button),
    h("p", { class: "hint" }, h("kbd", {}, "Enter"), " sends, ", h("kbd", {}, "Shift+Enter"), " makes a new line, ", h("kbd", {}, "@"), " mentions, ", h("kbd", {}, "/"), " commands"),
    h("p", { class: "keys", hidden: true }));
  return (text) => { box.placeholder = text; box.setAttribute("aria-label", text); };
}

// On a wide screen the thread of a question to the bot opens beside it, so that nobody misses the answer.
export function awaitsAnswer(text) {
  const channel = byId(view.place);
  const app = channel && appIn(channel);
  return Boolean(app && wide() && (channel.kind === "im" || text.includes(`@${app.name}`)));
}
