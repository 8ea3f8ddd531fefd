import { useId, useState } from "react";
import type { Json } from "../api/types";
import type { BlockProps } from "./Block";
import { Block } from "./Block";
import { Blocks } from "./Blocks";
import { Boundary } from "./Boundary";
import { Element } from "./Element";
import { Picture } from "./Picture";
import { Shown } from "./Shown";
import { Text } from "./Text";

function Head({ of }: { of: Json }) {
  return (
    <div className="head">
      {of.icon ? <Picture image={of.icon} size={36} /> : null}
      <div>
        {of.title ? (
          <b>
            <Text of={of.title} />
          </b>
        ) : of.rich_text_title ? (
          <Shown block={{ type: "rich_text", ...of.rich_text_title }} />
        ) : null}
        {of.subtitle ? (
          <small>
            <Text of={of.subtitle} />
          </small>
        ) : null}
      </div>
    </div>
  );
}

/** A card: a picture, a title, some words, a few buttons. */
export function Card({ block, ...rest }: BlockProps) {
  const actions: Json[] = block.actions ?? [];
  return (
    <div className="card">
      {block.hero_image ? <Picture image={block.hero_image} className="hero" /> : null}
      {block.title || block.subtitle || block.icon ? <Head of={block} /> : null}
      <Text of={block.body} />
      {block.subtext ? (
        <small>
          <Text of={block.subtext} />
        </small>
      ) : null}
      {actions.length ? (
        <div className="actions">
          {actions.map((element, index) => (
            <Element key={element?.action_id ?? index} {...rest} block={block} element={element} />
          ))}
        </div>
      ) : null}
    </div>
  );
}

/** Cards side by side. */
export function Carousel({ block, ...rest }: BlockProps) {
  const cards: Json[] = block.elements ?? [];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="carousel" aria-label={`${cards.length} cards`} tabIndex={0}>
      {cards.map((card, index) => (
        <Boundary key={card?.block_id ?? index} of={card} type={String(card?.type ?? "card")}>
          <Block {...rest} block={card} />
        </Boundary>
      ))}
    </section>
  );
}

const WIDTHS = new Set(["narrow", "standard", "wide", "full"]);

/** Blocks in a frame, which can be folded where the app says so. */
export function Container({ block, acting, values }: BlockProps) {
  const own = useId();
  const [open, setOpen] = useState(!(block.is_collapsible && block.default_collapsed));
  const width = WIDTHS.has(block.width) ? block.width : "standard";
  const head = <Head of={block} />;
  return (
    <div className={`card container ${width}`}>
      {block.is_collapsible ? (
        <button type="button" className="fold" aria-expanded={open} aria-controls={own} onClick={() => setOpen(!open)}>
          {head}
          <span className="arrow" aria-hidden="true" />
        </button>
      ) : (
        head
      )}
      {block.has_header_divider && open ? <hr /> : null}
      <div id={own} hidden={!open}>
        <Blocks blocks={block.child_blocks ?? []} acting={acting} values={values} />
      </div>
    </div>
  );
}
