// Markdown as models write it, read line by line: a growing answer is read again at every update, so this is fast
// rather than complete. What a line means stands in `markdownLines.ts`.
import { FENCE, HEADING, ITEM, indentOf, interrupts, QUOTE, RULE, SETEXT, TABLE_RULE } from "./markdownLines";

export type Align = "left" | "center" | "right" | null;
export interface Item {
  blocks: Markdown[];
  /** Whether a task is done; null for what is no task. */
  done: boolean | null;
}
export type Markdown =
  | { type: "heading"; level: number; text: string }
  | { type: "code"; language: string; text: string }
  | { type: "list"; ordered: boolean; start: number; items: Item[] }
  | { type: "quote"; blocks: Markdown[] }
  | { type: "rule" }
  | { type: "table"; align: Align[]; head: string[]; rows: string[][] }
  | { type: "paragraph"; text: string };

const DEEPEST = 12;

const isBlank = (line: string | undefined) => line === undefined || !line.trim();

class Reader {
  at = 0;
  constructor(
    readonly lines: string[],
    readonly depth: number,
  ) {}

  line(ahead = 0): string | undefined {
    return this.lines[this.at + ahead];
  }

  while(fits: (line: string) => boolean): string[] {
    const taken: string[] = [];
    while (this.at < this.lines.length && fits(this.lines[this.at] as string)) {
      taken.push(this.lines[this.at] as string);
      this.at += 1;
    }
    return taken;
  }
}

const inside = (lines: string[], reader: Reader): Markdown[] =>
  reader.depth < DEEPEST ? read(lines, reader.depth + 1) : [{ type: "paragraph", text: lines.join("\n") }];

function code(reader: Reader): Markdown | null {
  const found = FENCE.exec(reader.line() as string);
  if (!found) return null;
  const [, indent = "", fence = "", info = ""] = found;
  reader.at += 1;
  const closing = new RegExp(`^\\s*${fence[0] === "~" ? "~" : "`"}{${fence.length},}\\s*$`);
  const taken = reader.while((line) => !closing.test(line));
  reader.at += 1;
  const shift = new RegExp(`^\\s{0,${indent.length}}`);
  const language = info.trim().split(/\s/)[0] ?? "";
  return { type: "code", language, text: taken.map((line) => line.replace(shift, "")).join("\n") };
}

/** The lines of one item, without its sign and its indentation. */
function itemLines(reader: Reader, indent: number, offset: number, first: string): string[] {
  const taken = [first];
  let fence: RegExp | null = null;
  const opened = FENCE.exec(first);
  if (opened) fence = new RegExp(`^\\s*${opened[2]?.[0] === "~" ? "~" : "`"}{3,}\\s*$`);
  while (reader.at < reader.lines.length) {
    const line = reader.line() as string;
    const own = line.slice(Math.min(offset, indentOf(line)));
    if (fence) {
      if (fence.test(line)) fence = null;
    } else if (isBlank(line)) {
      let next = 1;
      while (isBlank(reader.line(next)) && reader.line(next) !== undefined) next += 1;
      const after = reader.line(next);
      if (after === undefined || indentOf(after) <= indent + 1) return taken;
    } else if (indentOf(line) <= indent + 1) {
      if (interrupts(line) || isBlank(taken.at(-1))) return taken;
    } else {
      const opens = FENCE.exec(line);
      if (opens) fence = new RegExp(`^\\s*${opens[2]?.[0] === "~" ? "~" : "`"}{3,}\\s*$`);
    }
    taken.push(own);
    reader.at += 1;
  }
  return taken;
}

const TASK = /^\[([ xX])\]\s+/;

function list(reader: Reader): Markdown | null {
  const first = ITEM.exec(reader.line() as string);
  if (!first) return null;
  const indent = (first[1] ?? "").length;
  const kind = (first[2] ?? "").slice(-1);
  const items: Item[] = [];
  while (reader.at < reader.lines.length) {
    const start = reader.at;
    reader.while(isBlank);
    const line = reader.line() ?? "";
    const found = ITEM.exec(line);
    if (!found || RULE.test(line) || (found[2] ?? "").slice(-1) !== kind || (found[1] ?? "").length > indent + 1) {
      reader.at = start;
      break;
    }
    const [, before = "", sign = "", gap = "", text = ""] = found;
    reader.at += 1;
    const offset = before.length + sign.length + Math.min(gap.length || 1, 4);
    const task = TASK.exec(text);
    const lines = itemLines(reader, before.length, offset, task ? text.slice(task[0].length) : text);
    items.push({ blocks: inside(lines, reader), done: task ? task[1] !== " " : null });
  }
  const ordered = /\d/.test(first[2] ?? "");
  return { type: "list", ordered, start: ordered ? Number.parseInt(first[2] ?? "1", 10) : 1, items };
}

function cellsOf(line: string): string[] {
  const cells = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return cells.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function alignOf(cell: string): Align {
  if (/^:-*:$/.test(cell)) return "center";
  if (cell.endsWith(":")) return "right";
  return cell.startsWith(":") ? "left" : null;
}

function table(reader: Reader): Markdown | null {
  const [first, rule] = [reader.line() as string, reader.line(1)];
  if (!first.includes("|") || rule === undefined || !TABLE_RULE.test(rule)) return null;
  const align = cellsOf(rule).map(alignOf);
  const head = cellsOf(first);
  if (head.length !== align.length) return null;
  reader.at += 2;
  const rows = reader.while((line) => line.includes("|") && !FENCE.test(line)).map(cellsOf);
  return { type: "table", align, head, rows: rows.map((row) => head.map((_, column) => row[column] ?? "")) };
}

function simple(reader: Reader): Markdown | null {
  const line = reader.line() as string;
  const heading = HEADING.exec(line);
  if (heading) {
    reader.at += 1;
    return { type: "heading", level: (heading[1] ?? "").length, text: heading[2] ?? "" };
  }
  if (RULE.test(line)) {
    reader.at += 1;
    return { type: "rule" };
  }
  if (!QUOTE.test(line)) return null;
  const quoted = reader.while((row) => QUOTE.test(row)).map((row) => row.replace(QUOTE, ""));
  return { type: "quote", blocks: inside(quoted, reader) };
}

function paragraph(reader: Reader): Markdown {
  const taken = [reader.line() as string];
  reader.at += 1;
  while (!isBlank(reader.line())) {
    const line = reader.line() as string;
    const setext = SETEXT.exec(line);
    if (setext) {
      reader.at += 1;
      return { type: "heading", level: setext[1]?.startsWith("=") ? 1 : 2, text: taken.join(" ").trim() };
    }
    if (interrupts(line) || (line.includes("|") && TABLE_RULE.test(reader.line(1) ?? ""))) break;
    taken.push(line);
    reader.at += 1;
  }
  return { type: "paragraph", text: taken.map((line) => line.trim()).join("\n") };
}

function read(lines: string[], depth: number): Markdown[] {
  const reader = new Reader(lines, depth);
  const out: Markdown[] = [];
  while (reader.at < lines.length) {
    if (isBlank(reader.line())) reader.at += 1;
    else out.push(code(reader) ?? simple(reader) ?? list(reader) ?? table(reader) ?? paragraph(reader));
  }
  return out;
}

/** Read a text in Markdown. */
export const readMarkdown = (text: string): Markdown[] => read(text.replace(/\r\n?/g, "\n").split("\n"), 0);
