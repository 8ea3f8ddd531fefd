// Text to DOM nodes. Everything a message says goes through text nodes: no markup of its own ever reaches the page.

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else if (key in node && key !== "list" && typeof value !== "string") node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const EMOJI = {
  eyes: "👀", thumbsup: "👍", "+1": "👍", thumbsdown: "👎", "-1": "👎", tada: "🎉", heart: "❤️", white_check_mark: "✅", x: "❌",
  warning: "⚠️", wave: "👋", rocket: "🚀", hourglass_flowing_sand: "⏳", hourglass: "⌛", bulb: "💡", lock: "🔒", star: "⭐", smile: "😄",
  pizza: "🍕", fire: "🔥", thinking_face: "🤔", bar_chart: "📊", trophy: "🏆", scales: "⚖️", ballot_box_with_ballot: "🗳️", sparkles: "✨",
};
export const emoji = (name) => EMOJI[name] || `:${name}:`;

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const safe = (url) => (/^(https?:|mailto:)/i.test(url) ? url : null);

export function link(url, label) {
  const href = safe(url);
  if (!href) return document.createTextNode(label || url);
  const here = href.startsWith(`${location.origin}/`);
  return h("a", here ? { href } : { href, target: "_blank", rel: "noopener noreferrer" }, label || url);
}

let names = { users: new Map(), channels: new Map() };
export const setNames = (fresh) => { names = fresh; };
export const userName = (id) => names.users.get(id)?.real_name || (id === "USLACKBOT" ? "Slackbot" : id);
const mention = (text) => h("span", { class: "mention" }, text);

// Slack's date tokens, <!date^seconds^format^link|fallback>: in the reader's own time and language.
// A token speaks the language of the person who reads it; the page itself speaks English.
const PAGE = { language: "en", locale: [] };
let reader = PAGE;
export const setReader = (locale) => { reader = !locale || locale.startsWith("en") ? PAGE : { language: locale.slice(0, 2), locale: [locale] }; };
const day = (when) => new Date(when.getFullYear(), when.getMonth(), when.getDate()).getTime();
function near(when, { language }) {
  const days = Math.round((day(when) - day(new Date())) / 86400000);
  return Math.abs(days) <= 1 && new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day");
}
function ago(when, { language }) {
  const minutes = Math.round((when - Date.now()) / 60000);
  const [amount, unit] = Math.abs(minutes) < 60 ? [minutes, "minute"] : Math.abs(minutes) < 1440 ? [Math.round(minutes / 60), "hour"] : [Math.round(minutes / 1440), "day"];
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(amount, unit);
}
const DATES = {
  date: { year: "numeric", month: "long", day: "numeric" }, date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" }, date_short: { year: "numeric", month: "short", day: "numeric" },
  date_slash: { year: "numeric", month: "2-digit", day: "2-digit" }, time: { hour: "2-digit", minute: "2-digit" }, time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};
export function dated(when, format, speech = PAGE) {
  return format.replace(/\{(\w+)\}/g, (whole, name) => {
    if (name === "date_num") return [when.getFullYear(), when.getMonth() + 1, when.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
    if (name === "ago") return ago(when, speech);
    const shape = DATES[name.replace("_pretty", "")];
    if (!shape) return whole;
    return (name.endsWith("_pretty") && near(when, speech)) || new Intl.DateTimeFormat(speech.locale, shape).format(when);
  });
}
function date(target, label) {
  const [, seconds, format, url] = target.split("^");
  const when = new Date(Number(seconds) * 1000);
  if (!format || Number.isNaN(when.getTime())) return label || "";
  const shown = h("time", { datetime: when.toISOString(), title: dated(when, "{date_long} {time}", reader) }, dated(when, unescape(format), reader));
  const node = url ? link(unescape(url)) : null;
  if (node?.nodeType !== Node.ELEMENT_NODE) return shown;
  node.replaceChildren(shown);
  return node;
}

function token(inside) {
  const [target, label] = inside.split("|");
  if (target.startsWith("@")) return mention(`@${userName(target.slice(1))}`);
  if (target.startsWith("#")) return mention(`#${label || names.channels.get(target.slice(1))?.name || target.slice(1)}`);
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!")) return mention(`@${target.slice(1).split("^")[0]}`);
  return link(unescape(target), label ? unescape(label) : undefined);
}

const SPANS = /<([^<>\n]+)>|`([^`\n]+)`|(?<![\w*])\*(\S(?:[^*\n]*\S)?)\*(?![\w*])|(?<![\w_])_(\S(?:[^_\n]*\S)?)_(?![\w_])|(?<![\w~])~(\S(?:[^~\n]*\S)?)~(?![\w~])|:([a-z0-9_+-]+):/g;
function spans(text) {
  const out = [];
  let at = 0;
  for (const found of text.matchAll(SPANS)) {
    out.push(unescape(text.slice(at, found.index)));
    const [, inside, code, bold, italic, strike, name] = found;
    if (inside) out.push(token(inside));
    else if (code) out.push(h("code", {}, unescape(code)));
    else if (bold) out.push(h("b", {}, spans(bold)));
    else if (italic) out.push(h("i", {}, spans(italic)));
    else if (strike) out.push(h("s", {}, spans(strike)));
    else out.push(emoji(name));
    at = found.index + found[0].length;
  }
  out.push(unescape(text.slice(at)));
  return out;
}

// `bullet(text)` may give a node of its own for a line that begins with a bullet.
export function mrkdwn(text, bullet = () => null) {
  return String(text).split(/\n?```\n?([\s\S]*?)\n?```\n?/g).map((part, index) => (index % 2 ? h("pre", {}, unescape(part)) : part && lines(part, bullet)));
}
function lines(part, bullet) {
  const out = [];
  let breaks = false;
  for (const line of part.split("\n")) {
    const quote = line.match(/^(?:&gt;|>)\s?(.*)$/);
    const item = line.match(/^([•◦▪-]|\d+\.)\s+(.*)$/);
    if (quote) {
      const last = out.at(-1);
      if (last?.tagName === "BLOCKQUOTE") last.append(h("br"), ...spans(quote[1]).flat());
      else out.push(h("blockquote", {}, spans(quote[1])));
    } else if (item) {
      const own = bullet(item[2]);
      if (own && out.at(-1)?.className === "bullets") out.at(-1).append(own);
      else out.push(own ? h("div", { class: "bullets" }, own) : h("div", { class: "item" }, h("span", { class: "sign" }, item[1]), h("span", {}, spans(item[2]))));
    } else out.push(breaks ? h("br") : null, ...spans(line));
    breaks = !quote && !item;
  }
  return out;
}

const INLINE = /`([^`\n]+)`|\*\*([^*\n]+)\*\*|__([^_\n]+)__|(?<![\w*])\*([^*\n]+)\*(?!\w)|(?<!\w)_([^_\n]+)_(?!\w)|~~([^~\n]+)~~|\[([^\]\n]+)\]\(([^)\s]+)\)|<([@#!][^<>\n]+|https?:[^<>\n]+)>|(https?:\/\/[^\s<>)]+)|:([a-z0-9_+-]+):/g;
function inline(text) {
  const out = [];
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    out.push(text.slice(at, found.index));
    const [, code, bold, bold2, italic, italic2, strike, label, url, inside, bare, name] = found;
    if (code) out.push(h("code", {}, code));
    else if (bold || bold2) out.push(h("b", {}, inline(bold || bold2)));
    else if (italic || italic2) out.push(h("i", {}, inline(italic || italic2)));
    else if (strike) out.push(h("s", {}, strike));
    else if (label) out.push(link(url, label));
    else if (inside) out.push(token(inside));
    else if (bare) out.push(link(bare));
    else out.push(emoji(name));
    at = found.index + found[0].length;
  }
  out.push(text.slice(at));
  return out;
}

function paragraph(lines) {
  return h("p", {}, lines.flatMap((line, row) => (row ? [h("br"), ...inline(line)] : inline(line))));
}
const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;
function nested(rows) {
  const lists = [];
  const open = [];
  for (const row of rows) {
    const found = row.match(ITEM);
    if (!found) { open.at(-1).item.append(" ", ...inline(row.trim()).flat()); continue; }
    const [, indent, sign, text] = found;
    const kind = /\d/.test(sign) ? "ol" : "ul";
    while (open.length && open.at(-1).depth > indent.length) open.pop();
    if (open.length && open.at(-1).depth === indent.length && open.at(-1).kind !== kind) open.pop();
    if (!open.length || open.at(-1).depth < indent.length) {
      const list = h(kind, kind === "ol" ? { start: parseInt(sign, 10) } : {});
      if (open.length) open.at(-1).item.append(list);
      else lists.push(list);
      open.push({ list, kind, depth: indent.length, item: null });
    }
    open.at(-1).item = h("li", {}, inline(text));
    open.at(-1).list.append(open.at(-1).item);
  }
  return lists;
}
const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

export function markdown(text) {
  const out = [];
  const lines = String(text).split("\n");
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    const fence = line.match(/^\s*(```+|~~~+)/);
    if (fence) {
      const code = [];
      for (at += 1; at < lines.length && !lines[at].trim().startsWith(fence[1]); at += 1) code.push(lines[at]);
      at += 1;
      out.push(h("pre", {}, code.join("\n")));
      continue;
    }
    const take = (pattern) => {
      const taken = [];
      while (at < lines.length && pattern.test(lines[at])) taken.push(lines[at++]);
      return taken;
    };
    const heading = line.match(/^(#{1,6})\s+(.*)/);
    if (heading) { out.push(h(`h${Math.min(4, heading[1].length + 1)}`, {}, inline(heading[2]))); at += 1; }
    else if (ITEM.test(line)) out.push(...nested(take(/^\s*([-*+]|\d+[.)])\s+|^ {2,}\S/)));
    else if (/^\s*>/.test(line)) out.push(h("blockquote", {}, paragraph(take(/^\s*>/).map((row) => row.replace(/^\s*>\s?/, "")))));
    else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) { out.push(h("hr")); at += 1; }
    else if (line.includes("|") && /^\s*\|?[\s:|-]+\|[\s:|-]*$/.test(lines[at + 1] || "")) {
      const [head, , ...rows] = take(/\|/);
      out.push(h("div", { class: "tablewrap" }, h("table", {}, h("tr", {}, cells(head).map((c) => h("th", {}, inline(c)))),
        rows.map((row) => h("tr", {}, cells(row).map((c) => h("td", {}, inline(c))))))));
    } else if (!line.trim()) at += 1;
    else {
      const plain = [lines[at++]];
      while (at < lines.length && lines[at].trim() && !/^\s*([-*+>#]|\d+[.)]|```|~~~)/.test(lines[at])) plain.push(lines[at++]);
      out.push(paragraph(plain));
    }
  }
  return out;
}

export function richText(element) {
  const kids = () => (element.elements || []).map(richText);
  switch (element.type) {
    case "text": {
      let node = element.text.split("\n").flatMap((line, row) => (row ? [h("br"), line] : [line]));
      const style = element.style || {};
      if (style.code) node = h("code", {}, node);
      if (style.bold) node = h("b", {}, node);
      if (style.italic) node = h("i", {}, node);
      if (style.strike) node = h("s", {}, node);
      return node;
    }
    case "user": return mention(`@${userName(element.user_id)}`);
    case "channel": return mention(`#${names.channels.get(element.channel_id)?.name || element.channel_id}`);
    case "broadcast": return mention(`@${element.range}`);
    case "link": return link(element.url, element.text);
    case "emoji": return emoji(element.name);
    case "rich_text_list": return h(element.style === "ordered" ? "ol" : "ul", {}, (element.elements || []).map((item) => h("li", {}, richText(item))));
    case "rich_text_quote": return h("blockquote", {}, kids());
    case "rich_text_preformatted": return h("pre", {}, kids());
    default: return kids();
  }
}
