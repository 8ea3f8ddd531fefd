// Everything that opens above the page: questions before a click counts, editing, and the modals of apps.
import { h, mrkdwn } from "./text.js";
import { fill, render, valuesOf } from "./blocks.js";
import { $, busy, control, look, quietly, tellUnlessAcked, toast, touch, view } from "./state.js";

const head = (title, close) => h("header", { class: "bar" }, h("h2", { class: "grow", id: "dialog-title" }, title), h("button", { type: "button", class: "icon", "aria-label": "Close", onclick: close }, "✕"));

// Ask in a small dialog; gives what `answer()` returns, or null when the person steps back.
function ask({ title, content, yes, no, danger, answer }) {
  const dialog = $("question");
  return new Promise((settle) => {
    const done = (value) => { dialog.close(); settle(value); };
    dialog.replaceChildren(h("form", { onsubmit: (event) => { event.preventDefault(); done(answer()); } },
      head(title, () => done(null)), h("div", { class: "content body" }, content),
      h("footer", {}, h("button", { type: "button", class: "btn", onclick: () => done(null) }, no), h("button", { class: `btn ${danger ? "danger" : "primary"}` }, yes))));
    dialog.oncancel = (event) => { event.preventDefault(); done(null); };
    dialog.showModal();
    dialog.querySelector("textarea, footer .btn:last-child").focus();
  });
}

export async function confirmed(element) {
  const box = element.confirm;
  if (!box) return true;
  const content = box.text.type === "mrkdwn" ? mrkdwn(box.text.text) : box.text.text;
  return Boolean(await ask({ title: box.title.text, content, yes: box.confirm?.text || "Yes", no: box.deny?.text || "Cancel", danger: box.style === "danger", answer: () => true }));
}

export function edited(text) {
  const field = h("textarea", { class: "control", rows: 4, "aria-label": "Message" }, text);
  return ask({ title: "Edit message", content: field, yes: "Save", no: "Cancel", answer: () => field.value.trim() });
}
export const sure = (title, content, yes) => ask({ title, content, yes, no: "Cancel", danger: true, answer: () => true });

let modalKey = "";
export async function drawModal() {
  const { modals } = await look("screen", { user: view.person });
  const top = modals.at(-1);
  const dialog = $("modal");
  const key = top ? `${top.id}${top.hash}${JSON.stringify(top.errors)}` : "";
  if (key === modalKey) return;
  const before = modalKey.startsWith(top?.id || "?") ? standing(dialog) : null;
  modalKey = key;
  if (!top) { dialog.close(); return; }
  const act = (block, element, value, button) => busy(button, control("act", { user: view.person, view_id: top.id, action_id: element.action_id, block_id: block.block_id, value }).then((taken) => tellUnlessAcked(taken, top.app_id)));
  act.suggest = (block, element, typed) => look("suggest", { user: view.person, view_id: top.id, action_id: element.action_id, block_id: block.block_id, typed });
  act.upload = async (file) => control("upload", { user: view.person, name: file.name, content: await encoded(file) });
  const close = () => quietly(control("close_view", { user: view.person, view_id: top.id }));
  const submit = async (event) => {
    event.preventDefault();
    const answer = await control("submit", { user: view.person, view_id: top.id, values: valuesOf(dialog) });
    if (answer.error) toast(`We had some trouble connecting. Try again? (${answer.error})`);
  };
  dialog.replaceChildren(h("form", { onsubmit: (event) => quietly(submit(event)), novalidate: true }, head(top.title, close),
    h("div", { class: "content body", tabindex: 0 }, render(top.blocks, act, top.values, top.errors)),
    h("footer", {}, h("button", { type: "button", class: "btn", onclick: close }, top.close || "Close"), top.submit ? h("button", { class: "btn primary" }, top.submit) : null)));
  dialog.oncancel = (event) => { event.preventDefault(); close(); };
  if (before) restore(dialog, before, Object.keys(top.errors).length > 0);
  if (!dialog.open) {
    dialog.showModal();
    if (!touch()) dialog.querySelector(".content :is(input, select, textarea)")?.focus({ preventScroll: true });
  }
  dialog.querySelector(".field.wrong")?.scrollIntoView({ block: "center" });
}

function encoded(file) {
  return new Promise((settle, fail) => {
    const reader = new FileReader();
    reader.onload = () => settle(reader.result.split(",")[1] ?? "");
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });
}

const keyOf = (field) => `${field.dataset.block}/${field.dataset.action}`;
const fieldsOf = (dialog) => [...dialog.querySelectorAll("[data-block]")];

// What stands in a form when its app changes it: that stays for as long as the ids of a field do, as in Slack.
function standing(dialog) {
  return {
    values: valuesOf(dialog),
    files: new Map(fieldsOf(dialog).map((field) => [keyOf(field), [...field.querySelectorAll("[data-file]")]])),
    scroll: dialog.querySelector(".content")?.scrollTop ?? 0,
    focus: keyOf(dialog.querySelector(".field:focus-within") || { dataset: {} }),
  };
}

function restore(dialog, { values, files, scroll, focus }, told) {
  for (const field of told ? [] : fieldsOf(dialog)) {
    const value = values[keyOf(field)];
    if (value === undefined) continue;
    const chosen = [value].flat().map(String);
    for (const box of field.querySelectorAll("[type=radio], [type=checkbox]")) box.checked = chosen.includes(box.value);
    const node = field.querySelector("select, textarea, input:not([type=radio]):not([type=checkbox]):not([type=file])");
    if (node && field.dataset.type !== "external_select" && !Array.isArray(value)) node.value = value ?? "";
    field.querySelector(".attached")?.replaceChildren(...files.get(keyOf(field)));
    const group = field.querySelector(".files");
    if (group) fill(group);
  }
  const content = dialog.querySelector(".content");
  if (content) content.scrollTop = scroll;
  if (!told) fieldsOf(dialog).find((field) => keyOf(field) === focus)?.querySelector("select, input, textarea")?.focus({ preventScroll: true });
}
