// Block Kit to DOM. `act(block, element, value)` is called when a person clicks or chooses; inputs of modals are read by `valuesOf`.
import { confirmed } from "./dialogs.js";
import { quietly } from "./state.js";
import { h, markdown, mrkdwn, richText } from "./text.js";

const plain = (object) => object?.text ?? "";
const textOf = (object) => (object ? (object.type === "mrkdwn" ? mrkdwn(object.text) : object.text) : null);
let people = [];
let channels = [];
export const setLists = (users, places) => { people = users; channels = places; };

// a picture is named by its address, or by a file of this Slack: by its id, or by the address of that, /files/<id>/<name>
const fileOf = (named) => named.id || new URL(named.url, window.location.href).pathname.split("/")[2] || "";
const sourceOf = (image) => (image.slack_file ? `/pictures/${encodeURIComponent(fileOf(image.slack_file))}` : image.image_url);

const flat = (element) => [...(element.options || []), ...(element.option_groups || []).flatMap((group) => group.options)];
const ids = (element) => (element.type.includes("users") ? people : channels);

function selectable(element) {
  if (/users_select|conversations_select|channels_select/.test(element.type)) return ids(element).map((item) => [item.id, item.real_name || item.name]);
  return flat(element).map((option) => [option.value, plain(option.text)]);
}

function initialOf(element) {
  const options = element.initial_options?.map((option) => option.value);
  return options || element.initial_users || element.initial_conversations || element.initial_channels
    || element.initial_option?.value || element.initial_user || element.initial_conversation || element.initial_channel;
}

function held(element, state) {
  if (!state) return initialOf(element);
  if (state.selected_options) return state.selected_options.map((option) => option.value);
  const [value] = Object.values(state);
  return value?.value ?? value;
}

function select(element, done, state) {
  const many = element.type.startsWith("multi_");
  const chosen = [held(element, state)].flat();
  const entry = ([value, label]) => h("option", { value, selected: chosen.includes(value) }, label);
  // a menu that began with an option cannot be emptied in Slack either
  const blank = many || (element.initial_option && element.type !== "overflow") ? null : h("option", { value: "" }, plain(element.placeholder) || "Choose…");
  const groups = (element.option_groups || []).map((group) => h("optgroup", { label: plain(group.label) }, group.options.map((option) => entry([option.value, plain(option.text)]))));
  const node = h("select", { class: "control", multiple: many, "aria-label": plain(element.placeholder) || "Choose" }, blank, groups.length ? groups : selectable(element).map(entry));
  node.addEventListener("change", () => {
    const picked = [...node.selectedOptions].map((option) => option.value).filter(Boolean);
    done(many ? picked : picked[0] ?? null);
  });
  return node;
}

// A menu of many is a list of boxes: the browser's own list box wants Ctrl held down, and shows a phone two lines of it.
function several(element, done, state) {
  const chosen = [held(element, state)].flat();
  const most = element.max_selected_items ?? Infinity;
  const group = h("div", { role: "group", class: "several", "aria-label": plain(element.placeholder) || "Choose" });
  const entry = ([value, label]) => h("label", { class: "choice" }, h("input", { type: "checkbox", value, checked: chosen.includes(value) }), h("span", {}, label));
  const limit = () => {
    const full = group.querySelectorAll("input:checked").length >= most;
    for (const box of group.querySelectorAll("input")) box.disabled = full && !box.checked;
  };
  group.append(...(element.option_groups || []).flatMap((options) => [h("small", {}, plain(options.label)), ...options.options.map((option) => entry([option.value, plain(option.text)]))]),
    ...(element.option_groups ? [] : selectable(element).map(entry)));
  group.addEventListener("change", () => { limit(); done([...group.querySelectorAll("input:checked")].map((box) => box.value)); });
  limit();
  return group;
}

// A menu whose options the app is asked for: a field to search in, and the menu of what was found.
function searched(block, element, act, done, state) {
  const held_ = state ? state.selected_option : element.initial_option;
  const menu = select({ ...element, type: "static_select", options: held_ ? [held_] : [], initial_option: held_ }, done, null);
  let asked = 0;
  const find = async (typed) => {
    const mine = ++asked;
    const found = await act.suggest(block, element, typed);
    if (mine !== asked || found.error) return;
    const chosen = menu.value;
    const groups = found.option_groups || [{ options: found.options || [] }];
    const entry = (option) => h("option", { value: option.value, selected: option.value === chosen }, plain(option.text));
    const kept = held_ && !groups.some((group) => group.options.some((option) => option.value === chosen)) ? [...menu.querySelectorAll("option")].filter((option) => option.value === chosen) : [];
    menu.replaceChildren(...kept, ...groups.map((group) => (group.label ? h("optgroup", { label: plain(group.label) }, group.options.map(entry)) : group.options.map(entry))).flat());
  };
  const search = h("input", { class: "control", type: "search", placeholder: plain(element.placeholder) || "Search", "aria-label": plain(element.placeholder) || "Search", oninput: (event) => find(event.target.value) });
  if (!element.min_query_length) find("");
  return h("div", { class: "searched" }, search, menu);
}

function choices(element, done, state, name) {
  const many = element.type === "checkboxes";
  const chosen = [held(element, state)].flat();
  const group = h("div", { role: "group" });
  for (const option of element.options) {
    group.append(h("label", { class: "choice" },
      h("input", { type: many ? "checkbox" : "radio", name, value: option.value, checked: chosen.includes(option.value),
        onchange: () => done(many ? [...group.querySelectorAll("input:checked")].map((box) => box.value) : option.value) }),
      h("span", {}, textOf(option.text), option.description ? h("small", {}, " ", textOf(option.description)) : null)));
  }
  return group;
}

const TYPES = { number_input: "number", datepicker: "date", timepicker: "time", email_text_input: "email", url_text_input: "url" };
function typed(element, state) {
  const start = (state ? held(element, state) : element.initial_value ?? element.initial_date ?? element.initial_time) ?? "";
  const props = { class: "control", placeholder: plain(element.placeholder) || null };
  if (element.multiline) return h("textarea", { ...props, rows: 4 }, start);
  const number = element.type === "number_input" ? { min: element.min_value ?? null, max: element.max_value ?? null, step: element.is_decimal_allowed ? "any" : 1, inputmode: element.is_decimal_allowed ? "decimal" : "numeric" } : {};
  return h("input", { ...props, ...number, type: TYPES[element.type] || "text", value: start });
}

const filesIn = (root) => [...root.querySelectorAll("[data-file]")].map((item) => item.dataset.file);
export const fill = (group) => group.classList.toggle("full", filesIn(group).length >= Number(group.dataset.most));

// Files are uploaded when they are picked, as in Slack; the form names them by their ids.
function uploads(element, act, done, state) {
  const most = element.max_files ?? 10;
  const list = h("ul", { class: "attached" });
  const group = h("div", { role: "group", class: "files", "data-most": String(most) });
  const changed = () => { fill(group); done(filesIn(group)); };
  const add = (file) => list.append(h("li", { "data-file": file.id }, h("span", { "aria-hidden": "true" }, "📄"), h("span", { class: "name" }, file.name),
    h("button", { type: "button", class: "icon", "aria-label": `Remove ${file.name}` }, "✕")));
  list.addEventListener("click", (event) => { if (event.target.closest("button")) { event.target.closest("li").remove(); changed(); } });
  const picker = h("input", { type: "file", multiple: most > 1, accept: (element.filetypes || []).map((kind) => `.${kind}`).join(",") || null,
    onchange: async () => {
      const files = [...picker.files].slice(0, most - filesIn(group).length);
      picker.value = "";
      for (const file of files) await quietly(act.upload(file).then(add));
      changed();
    } });
  for (const file of state?.files || []) add(file);
  group.append(h("label", { class: "btn upload" }, picker, most > 1 ? "Upload files" : "Upload a file"), list);
  fill(group);
  return group;
}

function button(block, element, act, value, label = element.text) {
  return h("button", { type: "button", class: `btn ${element.style || ""}`, "data-act": element.action_id || null, "aria-label": element.accessibility_label || null,
    onclick: async (event) => {
      const node = event.currentTarget;
      if (node.getAttribute("aria-disabled") || !await confirmed(element)) return;
      if (element.url) window.open(/^https?:/i.test(element.url) ? element.url : "about:blank", "_blank", "noopener");
      act(block, element, value, node);
    } }, plain(label));
}

function control(block, element, act, state) {
  const done = async (value) => { if (await confirmed(element)) act(block, element, value); };
  switch (element.type) {
    case "button": case "workflow_button": return button(block, element, act, element.value ?? null);
    case "icon_button": return button(block, element, act, element.value ?? null, { text: `🗑 ${plain(element.text)}` });
    case "feedback_buttons": return [button(block, element, act, "positive", { text: `👍 ${plain(element.positive_button.text)}` }),
      button(block, element, act, "negative", { text: `👎 ${plain(element.negative_button.text)}` })];
    case "overflow": return select({ ...element, placeholder: { text: "⋯" } }, done, null);
    case "radio_buttons": case "checkboxes": return choices(element, done, state, `${block.block_id}-${element.action_id}`);
    case "image": return h("img", { src: sourceOf(element), alt: element.alt_text, loading: "lazy" });
    case "file_input": return uploads(element, act, done, state);
    case "external_select": return searched(block, element, act, done, state);
    default:
      if (element.type.startsWith("multi_") && element.type !== "multi_external_select") return several(element, done, state);
      if (element.type.endsWith("select")) return select(element, done, state);
      return typed(element, state);
  }
}

function input(block, act, state, error) {
  const element = block.element;
  const quiet = Object.assign(block.dispatch_action ? (...all) => act(...all) : () => {}, { suggest: act.suggest, upload: act.upload });
  const field = control(block, element, quiet, state);
  const named = field.matches?.("select, input, textarea, [role=group]") ? field : field.querySelector?.("select");
  named?.setAttribute("aria-label", plain(block.label));
  field.querySelector?.("[type=file]")?.setAttribute("aria-label", plain(block.label));
  if (error) named?.setAttribute("aria-invalid", "true");
  return h("div", { class: `field ${error ? "wrong" : ""}`, "data-block": block.block_id, "data-action": element.action_id, "data-type": element.type },
    h("span", {}, plain(block.label), block.optional ? h("small", {}, " (optional)") : null), field,
    block.hint ? h("small", {}, plain(block.hint)) : null, error ? h("span", { class: "error", role: "alert" }, error) : null);
}

export function render(blocks, act, values = {}, errors = {}) {
  return (blocks || []).map((block) => {
    const state = (element) => values[block.block_id]?.[element?.action_id];
    switch (block.type) {
      case "section": return h("div", { class: "block section" },
        block.text ? h("div", { class: "text" }, textOf(block.text)) : null,
        block.fields ? h("div", { class: "fields" }, block.fields.map((field) => h("div", {}, textOf(field)))) : null,
        block.accessory ? h("div", {}, control(block, block.accessory, act, state(block.accessory))) : null);
      case "header": return h("div", { class: "block header" }, plain(block.text));
      case "divider": return h("hr");
      case "markdown": return h("div", { class: "block" }, markdown(block.text));
      case "context": return h("div", { class: "block context" }, block.elements.map((element) => (element.type === "image"
        ? h("img", { src: sourceOf(element), alt: element.alt_text, width: 18, height: 18 }) : h("span", {}, textOf(element)))));
      case "actions": case "context_actions": return h("div", { class: `block actions ${block.type === "actions" ? "row" : ""}` }, block.elements.map((element) => control(block, element, act, state(element))));
      case "image": return h("figure", { class: "block" }, block.title ? h("figcaption", {}, plain(block.title)) : null, h("img", { src: sourceOf(block), alt: block.alt_text, loading: "lazy" }));
      case "rich_text": return h("div", { class: "block" }, (block.elements || []).map(richText));
      case "input": return input(block, act, state(block.element), errors[block.block_id]);
      case "alert": return h("div", { class: "block card", role: "note" }, textOf(block.text));
      case "card": return h("div", { class: "block card" }, h("b", {}, textOf(block.title)), h("div", {}, textOf(block.subtitle)), h("div", {}, textOf(block.body)),
        h("div", { class: "actions block" }, (block.actions || []).map((element) => control(block, element, act))));
      case "container": return h("details", { class: "block card", open: !block.default_collapsed }, h("summary", {}, plain(block.title)), render(block.child_blocks, act, values, errors));
      case "carousel": return h("div", { class: "block" }, render(block.elements, act));
      case "table": return h("div", { class: "tablewrap" }, h("table", {}, block.rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell.text ?? (cell.elements || []).map(richText)))))));
      default: return h("div", { class: "block" }, `[${block.type}]`);
    }
  });
}

export function valuesOf(root) {
  const values = {};
  for (const field of root.querySelectorAll("[data-block]")) {
    const key = `${field.dataset.block}/${field.dataset.action}`;
    const kind = field.dataset.type;
    if (kind === "checkboxes" || field.querySelector(".several")) values[key] = [...field.querySelectorAll("input:checked")].map((box) => box.value);
    else if (kind === "file_input") values[key] = filesIn(field);
    else if (kind === "radio_buttons") values[key] = field.querySelector("input:checked")?.value ?? null;
    else {
      const node = field.querySelector(kind === "external_select" ? "select" : "input, textarea, select");
      if (!node) continue;
      if (node.multiple) values[key] = [...node.selectedOptions].map((option) => option.value);
      else values[key] = node.value || null;
    }
  }
  return values;
}
