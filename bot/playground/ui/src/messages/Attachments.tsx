import type { Json } from "../api/types";
import type { Acting } from "../blocks/acting";
import { Blocks } from "../blocks/Blocks";
import { Boundary } from "../blocks/Boundary";
import { Picture } from "../blocks/Picture";
import { Link } from "../text/Link";
import { Mrkdwn, Plain } from "../text/Mrkdwn";

const NAMED: Record<string, string> = { good: "#2eb67d", warning: "#ecb22e", danger: "#e01e5a" };

/** The colour of the bar beside an attachment: by name or hexadecimal; undefined for the usual grey. */
function barOf(color: unknown): string | undefined {
  const said = String(color ?? "").toLowerCase();
  return NAMED[said] ?? (/^#?[0-9a-f]{6}$/.test(said) ? `#${said.replace("#", "")}` : undefined);
}

const list = (value: unknown): Json[] => (Array.isArray(value) ? value.filter((one) => one) : []);
const SHOWN = ["pretext", "author_name", "title", "text", "image_url", "thumb_url", "footer"];

function Attachment({ of, acting }: { of: Json; acting: Acting }) {
  const blocks = list(of.blocks);
  const fields = list(of.fields);
  const picture = of.image_url ?? of.thumb_url;
  const empty = !blocks.length && !fields.length && !SHOWN.some((key) => of[key]);
  return (
    <>
      {of.pretext ? <Mrkdwn text={String(of.pretext)} /> : null}
      <div className="attachment" style={{ borderLeftColor: barOf(of.color) }}>
        {of.author_name ? (
          <small>
            <Link href={of.author_link}>
              <Plain text={of.author_name} />
            </Link>
          </small>
        ) : null}
        {of.title ? (
          <b>
            <Link href={of.title_link}>
              <Plain text={of.title} />
            </Link>
          </b>
        ) : null}
        {of.text ? <Mrkdwn text={String(of.text)} /> : null}
        {fields.length ? (
          <dl>
            {fields.map((field, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: fields have no other name
              <div key={index} className={field.short ? "short" : undefined}>
                <dt>
                  <Plain text={field.title} />
                </dt>
                <dd>
                  <Mrkdwn text={String(field.value ?? "")} />
                </dd>
              </div>
            ))}
          </dl>
        ) : null}
        {blocks.length ? <Blocks blocks={blocks} acting={acting} /> : null}
        {picture ? <Picture image={{ image_url: picture, alt_text: of.fallback ?? "" }} className="hero" /> : null}
        {empty ? <Plain text={of.fallback} /> : null}
        {of.footer ? (
          <small>
            <Plain text={of.footer} />
          </small>
        ) : null}
      </div>
    </>
  );
}

/** What hangs on a message, each with a coloured bar at its side. */
export function Attachments({ attachments, acting }: { attachments: Json[]; acting: Acting }) {
  return attachments.map((one, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: attachments have no other name
    <Boundary key={index} of={one} type="attachment">
      <Attachment of={one} acting={acting} />
    </Boundary>
  ));
}
