import { Fragment, memo, type ReactNode, useMemo } from "react";
import { same } from "../blocks/same";
import { Link } from "./Link";
import { type Align, type Item, type Markdown as Node, readMarkdown } from "./readMarkdown";
import { Emoji, Token, unescaped } from "./Tokens";
import { bareUrl } from "./urls";

// In the order in which they win: escapes, code, pictures and links, what Slack puts between angle brackets, emphasis.
const INLINE = new RegExp(
  [
    "\\\\([!-/:-@[-`{-~])",
    "(?<!`)(`+)(?!`)((?:[^`]|(?<!`)(?!\\2(?!`))`+(?!`))*)\\2(?!`)",
    '!?\\[((?:[^[\\]]|\\[[^[\\]]*\\])*)\\]\\(\\s*<?((?:[^\\s()<>]|\\([^\\s()]*\\))*)>?(?:\\s+"[^"]*")?\\s*\\)',
    "<(br\\s*/?)>",
    "<([@#!][^<>\\n]+|(?:https?://|mailto:)[^<>\\s]+(?:\\|[^<>\\n]+)?)>",
    "\\*\\*\\*((?:[^*]|\\*(?!\\*))+)\\*\\*\\*",
    "\\*\\*(?!\\s)((?:[^*]|\\*(?!\\*))+?)\\*\\*(?!\\*)",
    "(?<![\\p{L}\\p{N}_])__(?!\\s)((?:[^_]|_(?!_))+?)__(?![\\p{L}\\p{N}_])",
    "\\*(?![\\s*])([^*]*[^*\\s])\\*(?!\\*)",
    "(?<![\\p{L}\\p{N}_])_(?![\\s_])([^_]*[^_\\s])_(?![\\p{L}\\p{N}_])",
    "~~(?!\\s)([^~]+)~~",
    "(https?://[^\\s<>|]+)",
    ":([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):",
  ].join("|"),
  "gu",
);

function lines(text: string, key: number): ReactNode {
  const shown = unescaped(text);
  if (!shown.includes("\n")) return shown;
  return (
    <Fragment key={key}>
      {shown.split("\n").map((line, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no other name
        <Fragment key={row}>
          {row ? <br /> : null}
          {line}
        </Fragment>
      ))}
    </Fragment>
  );
}

function bare(url: string): ReactNode {
  const { href, rest } = bareUrl(unescaped(url));
  return (
    <>
      <Link href={href} />
      {rest}
    </>
  );
}

function node(found: RegExpMatchArray): ReactNode {
  const [whole, escaped, ticks, code, label, url, br, inside, both, bold, bold2, italic, italic2, strike, plain, name] =
    found;
  if (escaped !== undefined) return escaped;
  if (ticks !== undefined) return <code>{(code ?? "").replace(/^ (.*\S.*) $/s, "$1").replaceAll("\n", " ")}</code>;
  if (url !== undefined) return <Link href={unescaped(url)}>{label ? inline(label) : whole}</Link>;
  if (br) return <br />;
  if (inside) return <Token inside={inside} />;
  if (both) {
    return (
      <b>
        <i>{inline(both)}</i>
      </b>
    );
  }
  if (bold ?? bold2) return <b>{inline(bold ?? bold2 ?? "")}</b>;
  if (italic ?? italic2) return <i>{inline(italic ?? italic2 ?? "")}</i>;
  if (strike) return <s>{inline(strike)}</s>;
  if (plain) return bare(plain);
  return <Emoji name={name ?? ""} />;
}

function inline(text: string): ReactNode[] {
  const out: ReactNode[] = [];
  let at = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > at) out.push(lines(text.slice(at, found.index), at));
    at = found.index + found[0].length;
    out.push(<Fragment key={found.index}>{node(found)}</Fragment>);
  }
  if (at < text.length) out.push(lines(text.slice(at), at));
  return out;
}

function Cell({ text, align, head }: { text: string; align: Align | undefined; head?: boolean }) {
  const name = align && align !== "left" ? `to-${align}` : undefined;
  return head ? (
    <th scope="col" className={name}>
      {inline(text)}
    </th>
  ) : (
    <td className={name}>{inline(text)}</td>
  );
}

function Entry({ item }: { item: Item }) {
  const [first, ...rest] = item.blocks;
  const tight = first?.type === "paragraph" ? inline(first.text) : first ? <One node={first} /> : null;
  return (
    <li className={item.done === null ? undefined : "task"}>
      {item.done === null ? null : (
        <span role="img" aria-label={item.done ? "done" : "to do"}>
          {item.done ? "☑" : "☐"}{" "}
        </span>
      )}
      {tight}
      <All nodes={rest} />
    </li>
  );
}

/* biome-ignore-start lint/suspicious/noArrayIndexKey: parts of a text have no other name, and grow at their end */
function All({ nodes }: { nodes: Node[] }) {
  return nodes.map((one, index) => <One key={index} node={one} />);
}

const One = memo(function One({ node: now }: { node: Node }): ReactNode {
  switch (now.type) {
    case "heading":
      // one level for all: a text that begins with "###" would skip some
      return <h3 data-level={now.level}>{inline(now.text)}</h3>;
    case "code":
      return (
        <pre data-language={now.language || undefined}>
          <code>{now.text}</code>
        </pre>
      );
    case "list": {
      const items = now.items.map((item, index) => <Entry key={index} item={item} />);
      return now.ordered ? <ol start={now.start}>{items}</ol> : <ul>{items}</ul>;
    }
    case "quote":
      return (
        <blockquote>
          <All nodes={now.blocks} />
        </blockquote>
      );
    case "rule":
      return <hr />;
    case "table":
      return (
        <div className="tablewrap">
          <table>
            <thead>
              <tr>
                {now.head.map((text, column) => (
                  <Cell key={column} head text={text} align={now.align[column]} />
                ))}
              </tr>
            </thead>
            <tbody>
              {now.rows.map((row, index) => (
                <tr key={index}>
                  {row.map((text, column) => (
                    <Cell key={column} text={text} align={now.align[column]} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case "paragraph":
      return <p>{inline(now.text)}</p>;
  }
}, same);
/* biome-ignore-end lint/suspicious/noArrayIndexKey: see above */

/** Markdown, as in `markdown` blocks. Of a growing text only the part that grows is drawn again. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const nodes = useMemo(() => readMarkdown(String(text ?? "")), [text]);
  return (
    <div className="markdown">
      <All nodes={nodes} />
    </div>
  );
});
