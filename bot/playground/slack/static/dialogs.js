// Everything that opens above the page: questions before a click counts, editing, and the modals of apps.
import { h, mrkdwn } from "./text.js";
import { render, valuesOf } from "./blocks.js";
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
  const typed = modalKey.startsWith(top?.id || "?") ? valuesOf(dialog) : null;
  modalKey = key;
  if (!top) { dialog.close(); return; }
  const act = (block, element, value, button) => busy(button, control("act", { user: view.person, view_id: top.id, action_id: element.action_id, block_id: block.block_id, value }).then((taken) => tellUnlessAcked(taken, top.app_id)));
  act.suggest = (block, element, typed) => look("suggest", { user: view.person, view_id: top.id, action_id: element.action_id, block_id: block.block_id, typed });
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
  if (typed && !Object.keys(top.errors).length) restore(dialog, typed);
  if (!dialog.open) {
    dialog.showModal();
    if (!touch()) dialog.querySelector(".content :is(input, select, textarea)")?.focus({ preventScroll: true });
  }
  dialog.querySelector(".field.wrong")?.scrollIntoView({ block: "center" });
}

function restore(dialog, typed) {
  for (const field of dialog.querySelectorAll("[data-block]")) {
    const value = typed[`${field.dataset.block}/${field.dataset.action}`];
    const node = field.querySelector("input:not([type=radio]):not([type=checkbox]), textarea");
    if (node && typeof value === "string") node.value = value;
  }
}
