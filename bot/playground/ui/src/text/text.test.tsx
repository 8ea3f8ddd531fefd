import { render } from "@testing-library/react";
import { expect, test } from "vitest";
import { HOSTILE, harmIn, withWorkspace, written } from "../testing/page";
import { emojiOf, searchEmoji } from "./emoji";
import { placeOf, safeHref, safePicture } from "./links";
import { Markdown } from "./Markdown";
import { Mrkdwn, Plain } from "./Mrkdwn";
import { bareUrl } from "./urls";

withWorkspace();
const mrkdwn = (text: string) => render(<Mrkdwn text={text} />).container;
const markdown = (text: string) => render(<Markdown text={text} />).container;
const html = (root: Element) => written(root.firstElementChild as Element);

test.each(HOSTILE)("nothing in a text can do harm: %s", (text) => {
  for (const root of [mrkdwn(text), markdown(text), render(<Plain text={text} />).container]) {
    expect(harmIn(root)).toEqual([]);
    expect(root.querySelector("img")).toBeNull();
  }
});

test("what is no markup is shown as it was written", () => {
  expect(mrkdwn("# no heading\n---\n<b>x</b> 10:30:45 a_b_c 2*3*4").textContent).toBe(
    "# no heading---<b>x</b> 10:30:45 a_b_c 2*3*4",
  );
  expect(mrkdwn("a &lt;b&gt; &amp; &amp;lt;").textContent).toBe("a <b> & &lt;");
  expect(markdown("<b>x</b> 1 < 2").textContent).toBe("<b>x</b> 1 < 2");
});

test("mrkdwn", () => {
  expect(html(mrkdwn("*b* _i_ ~s~ `c *x*`"))).toBe("<b>b</b> <i>i</i> <s>s</s> <code>c *x*</code>");
  expect(html(mrkdwn("a\nb\n&gt; q\n&gt; r\nc"))).toBe("a<br>b<blockquote>q<br>r</blockquote>c");
  expect(mrkdwn("```\nif a:\n  &lt;b&gt;\n```").querySelector("pre")?.textContent).toBe("if a:\n  <b>");
  expect([...mrkdwn("• one\n2. two").querySelectorAll(".sign")].map((sign) => sign.textContent)).toEqual(["•", "2."]);
  const link = mrkdwn("<https://a.b/?x=1&amp;y=2|the label>").querySelector("a");
  expect([link?.getAttribute("href"), link?.textContent, link?.target]).toEqual([
    "https://a.b/?x=1&y=2",
    "the label",
    "_blank",
  ]);
});

test("mentions go by name, in both kinds of text, and say nothing that the workspace does not", () => {
  for (const root of [
    mrkdwn("<@U1> <@U9|zed> <#C1> <!here> <!subteam^S1|@team>"),
    markdown("<@U1> <@U9|zed> <#C1> <!here> <!subteam^S1|@team>"),
  ]) {
    expect([...root.querySelectorAll(".mention")].map((one) => one.textContent)).toEqual([
      "@Ada",
      "@zed",
      "#general",
      "@here",
      "@team",
    ]);
    expect(root.querySelector("a.mention")?.getAttribute("href")).toBe("#C1");
    expect(root.querySelector(".mention.me")?.textContent).toBe("@Ada");
  }
});

test("a name is text", () => {
  expect(mrkdwn("<@U2>").textContent).toBe("@Ben <img src=x onerror=alert(1)>");
});

test("a date speaks to its reader, and falls back on what was sent with it", () => {
  const shown = mrkdwn("<!date^1700000000^{date_num}^https://a.b|x>");
  expect(shown.querySelector("a > time")?.textContent).toMatch(/^2023-11-1[45]$/);
  expect(mrkdwn("<!date^soon^{date}|some day>").textContent).toBe("some day");
});

test("markdown: what models write", () => {
  expect(html(markdown("# A\nb **c** *d* ~~e~~ `f`\ng"))).toBe(
    "<h3>A</h3><p>b <b>c</b> <i>d</i> <s>e</s> <code>f</code><br>g</p>",
  );
  expect(html(markdown("***x*** **a *b* c** snake_case __d__"))).toBe(
    "<p><b><i>x</i></b> <b>a <i>b</i> c</b> snake_case <b>d</b></p>",
  );
  expect(html(markdown("1. a\n   - b\n\n   c\n2. d"))).toBe(
    '<ol start="1"><li>a<ul><li>b</li></ul><p>c</p></li><li>d</li></ol>',
  );
  expect(html(markdown("3. a\n  - b\n4. c"))).toBe('<ol start="3"><li>a<ul><li>b</li></ul></li><li>c</li></ol>');
  expect(html(markdown("> a\n> > b"))).toBe("<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>");
  expect(markdown("```js\na\n\n  b < c\n```").querySelector("pre")?.textContent).toBe("a\n\n  b < c");
  expect(markdown("- x\n  ```\n  code\n    more\n  ```\n- y").querySelector("li pre")?.textContent).toBe(
    "code\n  more",
  );
  expect(markdown("``a ` b``").querySelector("code")?.textContent).toBe("a ` b");
  expect(markdown("\\*no\\* [a [b]](https://x.y/(z))").querySelector("a")?.getAttribute("href")).toBe(
    "https://x.y/(z)",
  );
  expect(html(markdown("a\n***\nb"))).toBe("<p>a</p><hr><p>b</p>");
});

test("a table of markdown", () => {
  const root = markdown("| a | b |\n|:--|--:|\n| 1 | `x\\|y` |\n| only |\n\nafter");
  expect([...root.querySelectorAll("th")].map((cell) => cell.textContent)).toEqual(["a", "b"]);
  expect([...root.querySelectorAll("td")].map((cell) => cell.textContent)).toEqual(["1", "x|y", "only", ""]);
  expect(root.querySelector("td:nth-child(2)")?.className).toBe("to-right");
  expect(root.querySelector("p")?.textContent).toBe("after");
});

test("a growing answer is read at every length, and keeps the nodes that did not change", () => {
  const whole = "# A\n\nSome **bold** text\n\n```py\ncode\n```\n\n- a\n- b\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
  const { container, rerender } = render(<Markdown text="" />);
  for (let end = 1; end <= whole.length; end += 1) rerender(<Markdown text={whole.slice(0, end)} />);
  const heading = container.querySelector("h3");
  rerender(<Markdown text={`${whole}\nThe end`} />);
  expect(container.querySelector("h3")).toBe(heading);
  expect(container.textContent).toContain("The end");
});

test("brackets, stars and ticks by the thousand are only text", () => {
  for (const sign of ["[", "*", "_", "`", "``` ", "> ", "- ", "![a](", "<", "**a", "~~", "|"]) {
    const text = sign.repeat(3000 / sign.length);
    markdown(text);
    mrkdwn(text);
  }
});

test("only the web and mail can be followed", () => {
  expect(["https://a", "HTTP://a", "mailto:a@b", " https://a "].map(safeHref)).toEqual([
    "https://a",
    "HTTP://a",
    "mailto:a@b",
    "https://a",
  ]);
  for (const bad of [
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "//a.b",
    "/x",
    "file:///etc",
    "https:x",
    null,
    {},
  ]) {
    expect(safeHref(bad)).toBeNull();
  }
  expect(["https://a/b.png", "/pictures/F1"].map(safePicture)).toEqual(["https://a/b.png", "/pictures/F1"]);
  for (const bad of ["//a.b/c", "/\\a.b", "data:image/svg+xml,x", "javascript:x", ""])
    expect(safePicture(bad)).toBeNull();
});

test("a permalink of this workspace leads inside the page", () => {
  const { origin } = location;
  expect(placeOf(`${origin}/archives/C1/p1700000000000100`)).toBe("#C1/p1700000000000100");
  expect(placeOf(`${origin}/archives/C1/p17000000000001?thread_ts=1700000000.000100`)).toBe(
    "#C1/thread/p1700000000000100",
  );
  expect(placeOf("https://elsewhere.example/archives/C1/p1700000000000100")).toBeNull();
  expect(placeOf(`${origin}/files/F1/a.png`)).toBeNull();
});

test("an address in running text ends before the comma", () => {
  expect(bareUrl("https://a.b/c_(d),")).toEqual({ href: "https://a.b/c_(d)", rest: "," });
  expect(bareUrl("https://a.b/c).")).toEqual({ href: "https://a.b/c", rest: ")." });
});

test("emoji by Slack's names", () => {
  expect(["+1", "tada", "thinking_face", "wave::skin-tone-3", "flag-de", "scales"].map(emojiOf)).toEqual([
    "👍",
    "🎉",
    "🤔",
    "👋🏼",
    "🇩🇪",
    "⚖️",
  ]);
  expect(["nope", "constructor", "__proto__"].map(emojiOf)).toEqual([":nope:", ":constructor:", ":__proto__:"]);
  expect(searchEmoji("tad", 2)[0]).toEqual({ name: "tada", emoji: "🎉" });
  expect(searchEmoji("+1", 1)[0]?.name).toBe("+1");
  expect(searchEmoji("(", 5)).toEqual([]);
  expect(searchEmoji("", 5)).toEqual([]);
});
