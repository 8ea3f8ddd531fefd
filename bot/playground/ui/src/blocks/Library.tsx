import { memo } from "react";
import { type Block, Message } from "slack-blocks-to-jsx";
import type { Json } from "../api/types";
import { Link } from "../text/Link";
import { Broadcast, ChannelMention, DateToken, Emoji, UserMention } from "../text/Tokens";
import { cleaned } from "./cleaned";
import { same } from "./same";

type Style = { bold?: boolean; italic?: boolean; strike?: boolean; code?: boolean; underline?: boolean } | undefined;
const styled = (style: Style) =>
  (["bold", "italic", "strike", "underline"] as const)
    .filter((name) => style?.[name])
    .map((name) => `is-${name}`)
    .join(" ");

// The library keeps the first hooks that it sees, so these are the same for all; each part looks up names by itself.
const HOOKS: React.ComponentProps<typeof Message>["hooks"] = {
  link: ({ href, children, className }) => (
    <span className={className}>
      <Link href={href}>{children}</Link>
    </span>
  ),
  user: ({ id, style }) => (
    <span className={styled(style)}>
      <UserMention id={id} />
    </span>
  ),
  channel: ({ id, style }) => (
    <span className={styled(style)}>
      <ChannelMention id={id} />
    </span>
  ),
  usergroup: ({ id }) => <Broadcast name={id} />,
  atHere: () => <Broadcast name="here" />,
  atChannel: () => <Broadcast name="channel" />,
  atEveryone: () => <Broadcast name="everyone" />,
  emoji: ({ name, skin_tone }) => <Emoji name={skin_tone ? `${name}::skin-tone-${skin_tone}` : name} />,
  date: ({ timestamp, format, link, fallback }) => (
    <DateToken seconds={timestamp} format={format} link={link} fallback={fallback} />
  ),
};

/** What the library draws; dark or light is what `data-theme` of the page says. */
const Library = memo(function Library({ block }: { block: Json }) {
  return (
    <Message
      // the library keeps state by place only, so another kind of block begins anew
      key={block.type}
      withoutWrapper
      theme="light"
      name=""
      logo=""
      className="shown"
      hooks={HOOKS}
      blocks={[cleaned(block) as unknown as Block]}
    />
  );
}, same);

export default Library;
