import { nameOf } from "../state/select";
import { useStore } from "../state/store";
import { dated, speechOf } from "./dates";
import { emojiOf } from "./emoji";
import { Link } from "./Link";
import { safeHref } from "./links";

const ENTITIES: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
/** Undo Slack's escaping. */
export const unescaped = (text: string) => text.replace(/&(?:lt|gt|amp);/g, (found) => ENTITIES[found] ?? found);

/** A person, by name; `label` is what the sender called somebody whom nobody here knows. */
export function UserMention({ id, label }: { id: string; label?: string }) {
  const name = useStore((now) => nameOf(now.overview?.users ?? [], id));
  const me = useStore((now) => now.overview?.viewer === id);
  return <span className={me ? "mention me" : "mention"}>@{name === id ? label || id : name}</span>;
}

/** A channel, by name; one that is known can be gone to. */
export function ChannelMention({ id, label }: { id: string; label?: string }) {
  const name = useStore((now) => now.overview?.channels.find((channel) => channel.id === id)?.name);
  if (!name) return <span className="mention">#{label || id}</span>;
  return (
    <a className="mention" href={`#${id}`}>
      #{name}
    </a>
  );
}

/** A group, or everybody here. */
export const Broadcast = ({ name }: { name: string }) => <span className="mention">@{name}</span>;

/** One of Slack's dates, in the reader's own time and language. */
export function DateToken(props: { seconds: string; format: string; link?: string | null; fallback?: string }) {
  const { seconds, format, link, fallback } = props;
  const locale = useStore((now) => now.overview?.users.find((user) => user.id === now.overview?.viewer)?.locale);
  const when = new Date(Number(seconds) * 1000);
  if (!format || !seconds || Number.isNaN(when.getTime())) return <>{fallback}</>;
  const speech = speechOf(locale);
  const shown = (
    <time dateTime={when.toISOString()} title={dated(when, "{date_long} {time}", speech)}>
      {dated(when, format, speech)}
    </time>
  );
  return link ? <Link href={link}>{shown}</Link> : shown;
}

/** An emoji; a screen reader hears its name. */
export function Emoji({ name }: { name: string }) {
  const shown = emojiOf(name);
  if (shown === `:${name}:`) return <>{shown}</>;
  return (
    <span className="emoji" role="img" aria-label={name.replaceAll("_", " ")} title={`:${name}:`}>
      {shown}
    </span>
  );
}

function Special({ target, label }: { target: string; label?: string }) {
  const [name = "", ...rest] = target.split("^");
  if (name === "date") {
    const [seconds = "", format = "", link] = rest;
    return (
      <DateToken
        seconds={seconds}
        format={unescaped(format)}
        link={link ? unescaped(link) : null}
        fallback={unescaped(label ?? "")}
      />
    );
  }
  if (name === "subteam") return <Broadcast name={(label || rest[0] || "group").replace(/^@/, "")} />;
  return <Broadcast name={unescaped(label || name).replace(/^@/, "")} />;
}

/** What stands between `<` and `>` in Slack's text: a mention, a date, or a link. */
export function Token({ inside }: { inside: string }) {
  const [target = "", ...labels] = inside.split("|");
  const label = labels.length ? labels.join("|") : undefined;
  const rest = target.slice(1);
  if (target.startsWith("@")) return <UserMention id={rest} label={label && unescaped(label).replace(/^@/, "")} />;
  if (target.startsWith("#")) return <ChannelMention id={rest} label={label && unescaped(label)} />;
  if (target.startsWith("!")) return <Special target={rest} label={label} />;
  const href = safeHref(unescaped(target));
  if (!href) return <>{unescaped(`<${inside}>`)}</>;
  return <Link href={href}>{unescaped(label || target.replace(/^mailto:/, ""))}</Link>;
}
