import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";
import type { Json, Overview } from "../api/types";
import type { Acting } from "../blocks/acting";
import { useStore } from "../state/store";

const user = (id: string, name: string, more: object = {}) => ({
  id,
  name: name.toLowerCase(),
  real_name: name,
  is_admin: false,
  is_owner: false,
  is_restricted: false,
  is_ultra_restricted: false,
  is_bot: false,
  deleted: false,
  locale: "en-US",
  ...more,
});
const channel = (id: string, name: string, kind: "channel" | "group" | "im", members: string[]) => ({
  id,
  name,
  kind,
  members,
  topic: "",
  purpose: "",
  is_archived: false,
  prompts: null,
  last_ts: null,
});

/** A small workspace, seen by Ada. */
export const OVERVIEW: Overview = {
  viewer: "U1",
  team: { id: "T1", name: "Team" },
  users: [user("U1", "Ada"), user("U2", "Ben <img src=x onerror=alert(1)>"), user("U3", "Bot", { is_bot: true })],
  channels: [
    channel("C1", "general", "channel", ["U1", "U2"]),
    channel("C2", "secret", "group", ["U1"]),
    channel("C3", "hidden", "group", ["U2"]),
    channel("D1", "", "im", ["U1", "U3"]),
  ],
  apps: [],
  statuses: [],
};

/** Show the page as of a small workspace; each test cleans up after itself. */
export function withWorkspace(): void {
  useStore.setState({ overview: OVERVIEW });
  afterEach(() => {
    cleanup();
    useStore.setState({ overview: OVERVIEW, screen: { modals: [], homes: [] }, toast: null });
  });
}

/** Acts that remember what they were told; `answer` lets the app wait. */
export function recorded(more: Partial<Acting> = {}): Acting & { acts: [action: string, value: unknown][] } {
  const acts: [string, unknown][] = [];
  return {
    acts,
    act: async (_block: Json, element: Json, value: unknown) => {
      acts.push([element.action_id, value]);
    },
    ...more,
  };
}

/** What in an element could do harm: scripts, handlers, frames, and links that lead elsewhere than to the web. */
export function harmIn(root: Element): string[] {
  const found: string[] = [];
  for (const node of root.querySelectorAll("*")) {
    if (/^(script|iframe|object|embed|style|base|meta|svg:script|link)$/i.test(node.tagName)) found.push(node.tagName);
    for (const { name, value } of node.attributes) {
      if (name.startsWith("on") || name === "srcdoc") found.push(`${node.tagName} ${name}`);
      if (
        ["href", "src", "action", "formaction", "xlink:href"].includes(name) &&
        !/^(https?:\/\/|mailto:|\/pictures\/|#)/.test(value)
      ) {
        found.push(`${node.tagName} ${name}=${value}`);
      }
    }
  }
  return found;
}

/** Texts with which somebody might try to get script into the page. */
export const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg/onload=alert(1)>",
  "<iframe src='javascript:alert(1)'></iframe>",
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](<javascript:alert(1)>)",
  "[x]( javascript:alert(1))",
  "[x](data:text/html;base64,PHNjcmlwdD4=)",
  "[x](vbscript:msgbox)",
  "![x](javascript:alert(1))",
  "![x](https://example.com/spy.png)",
  "<javascript:alert(1)|x>",
  "<javascript:alert(1)>",
  "`<javascript:alert(1)|x>` `[x](javascript:alert(1))`",
  "<!date^1700000000^{date}^javascript:alert(1)|x>",
  "[x]: javascript:alert(1)\n\n[x]",
  "<a href=javascript:alert(1)>x</a>",
  "| <img src=x onerror=alert(1)> | [x](javascript:alert(1)) |\n|---|---|\n| <script> | y |",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
];

/** The elements and texts under a node, written as HTML without attributes that only name or style. */
export function written(node: Node): string {
  return [...node.childNodes]
    .map((child) => {
      if (!(child instanceof Element)) return (child.textContent ?? "").replaceAll("<", "&lt;");
      const name = child.tagName.toLowerCase();
      const start = child.getAttribute("start");
      const tag = start ? `${name} start="${start}"` : name;
      return ["br", "hr"].includes(name) ? `<${name}>` : `<${tag}>${written(child)}</${name}>`;
    })
    .join("");
}
