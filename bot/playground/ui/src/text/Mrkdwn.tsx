import { Fragment, memo, type ReactNode } from "react";
import { Link } from "./Link";
import { Emoji, Token, unescaped } from "./Tokens";
import { bareUrl } from "./urls";

const EDGE = "\\p{L}\\p{N}";
const wrapped = (sign: string) =>
  `(?<![${EDGE}${sign}])[${sign}](?![\\s${sign}])([^${sign}\\n]*[^\\s${sign}])[${sign}](?![${EDGE}${sign}])`;
const SPANS = new RegExp(
  `<([^<>\\n]+)>|\`([^\`\\n]+)\`|${["*", "_", "~"].map(wrapped).join("|")}|(https?://[^\\s<>|]+)|:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):`,
  "gu",
);

function spans(text: string): ReactNode[] {
  const out: ReactNode[] = [];
  let at = 0;
  for (const found of text.matchAll(SPANS)) {
    const [whole, inside, code, bold, italic, strike, url, emoji] = found;
    if (found.index > at) out.push(unescaped(text.slice(at, found.index)));
    at = found.index + whole.length;
    const key = found.index;
    if (inside) out.push(<Token key={key} inside={inside} />);
    else if (code) out.push(<code key={key}>{unescaped(code)}</code>);
    else if (bold) out.push(<b key={key}>{spans(bold)}</b>);
    else if (italic) out.push(<i key={key}>{spans(italic)}</i>);
    else if (strike) out.push(<s key={key}>{spans(strike)}</s>);
    else if (emoji) out.push(<Emoji key={key} name={emoji} />);
    else if (url) {
      const { href, rest } = bareUrl(unescaped(url));
      out.push(<Link key={key} href={href} />, rest);
    }
  }
  if (at < text.length) out.push(unescaped(text.slice(at)));
  return out;
}

const QUOTE = /^(?:&gt;|>)\s?(.*)$/;
const ITEM = /^(\s*)([•◦▪‣-]|\d{1,3}[.)])\s+(.*)$/;

type Line = { kind: "text" | "quote"; text: string } | { kind: "item"; text: string; sign: string };

function lineOf(text: string): Line {
  const quote = QUOTE.exec(text);
  if (quote) return { kind: "quote", text: quote[1] ?? "" };
  const item = ITEM.exec(text);
  if (item) return { kind: "item", sign: `${item[1]}${item[2]}`, text: item[3] ?? "" };
  return { kind: "text", text };
}

const broken = (lines: string[]) =>
  lines.map((line, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no other name
    <Fragment key={row}>
      {row ? <br /> : null}
      {spans(line)}
    </Fragment>
  ));

function prose(part: string): ReactNode[] {
  const out: ReactNode[] = [];
  const lines = part.split("\n").map(lineOf);
  for (let at = 0; at < lines.length; ) {
    const first = lines[at] as Line;
    const key = at;
    if (first.kind === "item") {
      out.push(
        <div key={key} className="item">
          <span className="sign">{first.sign}</span>
          <span>{spans(first.text)}</span>
        </div>,
      );
      at += 1;
      continue;
    }
    const run: string[] = [];
    while (lines[at]?.kind === first.kind) run.push((lines[at++] as Line).text);
    out.push(
      first.kind === "quote" ? (
        <blockquote key={key}>{broken(run)}</blockquote>
      ) : (
        <Fragment key={key}>{broken(run)}</Fragment>
      ),
    );
  }
  return out;
}

const FENCED = /\n?```\n?([\s\S]*?)\n?```\n?/g;

/** Text in Slack's mrkdwn, as in messages of people and in sections. */
export const Mrkdwn = memo(function Mrkdwn({ text }: { text: string }) {
  return (
    <div className="mrkdwn">
      {String(text ?? "")
        .split(FENCED)
        .map((part, index) => {
          if (!part) return null;
          const key = index;
          if (index % 2) return <pre key={key}>{unescaped(part)}</pre>;
          return <Fragment key={key}>{prose(part)}</Fragment>;
        })}
    </div>
  );
});

/** Plain text of a block: only emoji names mean something in it. */
export function Plain({ text, emoji = true }: { text: unknown; emoji?: boolean }) {
  const shown = unescaped(String(text ?? ""));
  if (!emoji || !shown.includes(":")) return <>{shown}</>;
  const parts = shown.split(/:([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):/g);
  return (
    <>
      {parts.map((part, index) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text have no other name
        return index % 2 ? <Emoji key={index} name={part} /> : <Fragment key={index}>{part}</Fragment>;
      })}
    </>
  );
}
