import { render, screen } from "@testing-library/react";
import { beforeAll, expect, test, vi } from "vitest";
import type { Json } from "../api/types";
import { HOSTILE, harmIn, recorded, withWorkspace } from "../testing/page";
import { Blocks } from "./Blocks";
import { cleaned } from "./cleaned";
import { loadLibrary } from "./Shown";

withWorkspace();
beforeAll(loadLibrary);
const plain = (text: string) => ({ type: "plain_text", text });
const mrkdwn = (text: string) => ({ type: "mrkdwn", text });
const rich = (text: string) => ({
  type: "rich_text",
  elements: [
    {
      type: "rich_text_section",
      elements: [
        { type: "text", text },
        { type: "link", url: text, text },
        { type: "link", url: "javascript:alert(1)" },
      ],
    },
    { type: "rich_text_preformatted", elements: [{ type: "text", text }] },
  ],
});
const option = (text: string) => ({ text: plain(text), value: text.slice(0, 20), description: plain(text) });
const show = (blocks: Json[], acting = recorded()) => ({
  acting,
  ...render(<Blocks blocks={blocks} acting={acting} />),
});

const everyPlace = (text: string): Json[] => [
  {
    type: "section",
    block_id: "page",
    text: mrkdwn(text),
    fields: [plain(text), mrkdwn(text)],
    accessory: { type: "image", image_url: text, alt_text: text },
  },
  { type: "section", text: plain(text), accessory: { type: "checkboxes", action_id: "c", options: [option(text)] } },
  { type: "header", text: plain(text) },
  { type: "markdown", text },
  {
    type: "context",
    elements: [mrkdwn(text), plain(text), { type: "image", image_url: `javascript:${text}`, alt_text: text }],
  },
  { type: "image", image_url: "javascript:alert(1)", alt_text: text, title: plain(text) },
  { type: "image", slack_file: { url: `javascript:${text}` }, alt_text: text },
  {
    type: "video",
    title: plain(text),
    title_url: "javascript:alert(1)",
    video_url: "javascript:alert(1)",
    thumbnail_url: text,
    alt_text: text,
    author_name: text,
    description: plain(text),
  },
  rich(text),
  { type: "table", rows: [[{ type: "raw_text", text }, rich(text), { type: "raw_number", value: 1 }]] },
  { type: "data_table", caption: text, rows: [[{ type: "raw_text", text }], [{ type: "raw_text", text }]] },
  {
    type: "task_card",
    task_id: text,
    title: text,
    status: "error",
    details: rich(text),
    sources: [
      { type: "url", url: "javascript:alert(1)", text },
      { type: "url", url: text, text },
    ],
  },
  {
    type: "plan",
    title: text,
    tasks: [{ type: "task_card", task_id: "1", title: text, sources: [{ url: "data:text/html,x", text }] }],
  },
  {
    type: "data_visualization",
    title: text,
    chart: {
      type: "pie",
      segments: [
        { label: text, value: 1 },
        { label: "b", value: 2 },
      ],
    },
  },
  {
    type: "data_visualization",
    title: text,
    chart: { type: "bar", series: [{ name: text, data: [{ label: text, value: 1 }] }], axis_config: { x_label: text } },
  },
  {
    type: "card",
    title: mrkdwn(text),
    subtitle: plain(text),
    body: mrkdwn(text),
    hero_image: { image_url: text, alt_text: text },
    actions: [{ type: "button", action_id: "b", text: plain(text), url: text }],
  },
  { type: "carousel", elements: [{ type: "card", title: plain(text) }] },
  {
    type: "container",
    title: plain(text),
    icon: { type: "image", image_url: "javascript:alert(1)", alt_text: text },
    child_blocks: [{ type: "section", text: mrkdwn(text) }],
  },
  { type: "alert", level: text, text: mrkdwn(text) },
  { type: "file", external_id: text },
  { type: text },
  {
    type: "input",
    block_id: text,
    label: plain(text),
    hint: plain(text),
    element: { type: "plain_text_input", action_id: "i", initial_value: text, placeholder: plain(text) },
  },
  {
    type: "input",
    label: plain(text),
    element: { type: "static_select", action_id: "s", options: [option(text)], initial_option: option(text) },
  },
  { type: "input", label: plain(text), element: { type: text, action_id: "x" } },
];

test.each(HOSTILE)("nothing in a block can do harm, in whatever place of it: %s", (text) => {
  const { container } = show(everyPlace(text));
  expect(harmIn(container)).toEqual([]);
  expect(container.textContent).not.toContain("could not be drawn");
});

test("ids of blocks never become ids of the page", () => {
  const { container } = show(everyPlace("page"));
  expect(container.querySelector("#page")).toBeNull();
});

test("what cannot be drawn is named, and takes nothing with it", () => {
  const silent = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const broken = [
    { type: "table" },
    { type: "rich_text", elements: 5 },
    { type: "plan", tasks: {} },
    { type: "unheard_of" },
    null,
    { type: "section", text: mrkdwn("still here") },
  ];
  const { container } = show(broken as Json[]);
  silent.mockRestore();
  for (const words of [
    "[table] could not be drawn",
    "[rich_text] could not be drawn",
    "[plan] could not be drawn",
    "[unheard_of]",
    "still here",
  ]) {
    expect(container.textContent).toContain(words);
  }
});

test("a block that could not be drawn is tried again when it changes", () => {
  const silent = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const acting = recorded();
  const { container, rerender } = render(<Blocks acting={acting} blocks={[{ type: "table", block_id: "t" }]} />);
  rerender(
    <Blocks acting={acting} blocks={[{ type: "table", block_id: "t", rows: [[{ type: "raw_text", text: "now" }]] }]} />,
  );
  silent.mockRestore();
  expect(container.textContent).toBe("now");
});

test("pictures of this Slack are fetched from it, others from where they are", () => {
  const { container } = show([
    { type: "image", slack_file: { id: "F1" }, alt_text: "a" },
    { type: "image", slack_file: { url: "http://localhost/files/F2/b.png" }, alt_text: "b" },
    { type: "image", image_url: "https://a.b/c.png", alt_text: "c" },
  ]);
  expect([...container.querySelectorAll("img")].map((one) => one.getAttribute("src"))).toEqual([
    "/pictures/F1",
    "/pictures/F2",
    "https://a.b/c.png",
  ]);
  expect(screen.getByAltText("c")).toBeTruthy();
});

test("cells and titles reach the library as they were written", () => {
  const { container } = show([
    {
      type: "table",
      rows: [
        [
          { type: "raw_text", text: "# 10:30:45 *x*" },
          { type: "raw_number", value: 3, text: "3 kg" },
        ],
      ],
    },
  ]);
  expect([...container.querySelectorAll("td")].map((cell) => cell.textContent)).toEqual(["# 10:30:45 *x*", "3 kg"]);
  expect(cleaned({ type: "task_card", title: "Search", status: "error" }).title).toBe("Search · failed");
});

test("rich text names people, and its links are ours", () => {
  const { container } = show([
    {
      type: "rich_text",
      elements: [
        {
          type: "rich_text_section",
          elements: [
            { type: "user", user_id: "U1" },
            { type: "emoji", name: "tada" },
            { type: "link", url: "https://a.b", text: "there" },
          ],
        },
      ],
    },
  ]);
  expect(container.textContent).toBe("@Ada🎉there");
  expect(container.querySelector("a")?.rel).toBe("noopener noreferrer");
});

test("only what changed is drawn again", () => {
  const acting = recorded();
  const other = (): Json => ({ type: "section", block_id: "s", text: mrkdwn("stays") });
  const { container, rerender } = render(
    <Blocks acting={acting} blocks={[{ type: "markdown", block_id: "m", text: "a" }, other()]} />,
  );
  const [before, button] = [container.querySelector(".section"), container.querySelector(".markdown")];
  rerender(<Blocks acting={acting} blocks={[{ type: "markdown", block_id: "m", text: "a b" }, other()]} />);
  expect(container.querySelector(".section")).toBe(before);
  expect(container.querySelector(".markdown")).toBe(button);
  expect(container.querySelector(".markdown")?.textContent).toBe("a b");
});

test("a container folds, and its fields act", async () => {
  const button = { type: "button", action_id: "in", text: plain("Inside"), value: "v" };
  const { acting } = show([
    {
      type: "container",
      title: plain("Box"),
      is_collapsible: true,
      default_collapsed: true,
      child_blocks: [{ type: "actions", elements: [button] }],
    },
  ]);
  const fold = screen.getByRole("button", { name: /Box/ });
  expect(fold.getAttribute("aria-expanded")).toBe("false");
  fold.click();
  await vi.waitFor(() => expect(fold.getAttribute("aria-expanded")).toBe("true"));
  screen.getByRole("button", { name: "Inside" }).click();
  await vi.waitFor(() => expect(acting.acts).toEqual([["in", "v"]]));
});
