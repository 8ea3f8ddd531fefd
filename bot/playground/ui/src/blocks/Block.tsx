import type { Json } from "../api/types";
import { Link } from "../text/Link";
import { Markdown } from "../text/Markdown";
import type { ElementProps } from "./acts";
import { Card, Carousel, Container } from "./Cards";
import { DataTable } from "./DataTable";
import { Element } from "./Element";
import { Field } from "./Field";
import { Picture } from "./Picture";
import { Shown } from "./Shown";
import { Text, wordsOf } from "./Text";

/** What a block gets: like an element, and what is wrong with it. */
export type BlockProps = Omit<ElementProps, "element" | "named"> & { error?: string };

const BY_LIBRARY = new Set(["rich_text", "table", "task_card", "plan", "data_visualization"]);
const BESIDE = new Set([
  "button",
  "workflow_button",
  "overflow",
  "image",
  "datepicker",
  "timepicker",
  "datetimepicker",
]);

function Section({ block, ...rest }: BlockProps) {
  const { text, fields, accessory } = block;
  return (
    <div className={`section ${accessory && !BESIDE.has(accessory.type) ? "wide" : ""}`}>
      <div className="text">
        <Text of={text} />
        {fields?.length ? (
          <div className="fields">
            {fields.map((field: Json, index: number) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: fields have no other name
              <div key={index}>
                <Text of={field} />
              </div>
            ))}
          </div>
        ) : null}
      </div>
      {accessory ? (
        <div className="accessory">
          <Element {...rest} block={block} element={accessory} />
        </div>
      ) : null}
    </div>
  );
}

function Actions({ block, ...rest }: BlockProps) {
  const elements: Json[] = block.elements ?? [];
  return (
    // digits press the buttons of a marked row: see messages/keys.ts
    <div className="actions" data-row={block.type === "actions" ? "" : undefined}>
      {elements.map((element, index) => (
        <Element key={element?.action_id ?? index} {...rest} block={block} element={element} />
      ))}
    </div>
  );
}

function Context({ block }: BlockProps) {
  const elements: Json[] = block.elements ?? [];
  return (
    <div className="context">
      {elements.map((element, index) =>
        element?.type === "image" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: what stands in a context has no other name
          <Picture key={index} image={element} size={20} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <div key={index}>
            <Text of={element} />
          </div>
        ),
      )}
    </div>
  );
}

function Image({ block }: BlockProps) {
  return (
    <figure className="picture">
      {block.title ? (
        <figcaption>
          <Text of={block.title} />
        </figcaption>
      ) : null}
      <Picture image={block} />
    </figure>
  );
}

// A frame is what the page's own rules forbid: a film is a picture that leads to it.
function Video({ block }: BlockProps) {
  return (
    <div className="card video">
      {block.provider_name || block.author_name ? (
        <small>{[block.provider_name, block.author_name].filter(Boolean).join(" · ")}</small>
      ) : null}
      <b>
        <Link href={block.title_url || block.video_url}>
          <Text of={block.title} />
        </Link>
      </b>
      <Text of={block.description} />
      <Link href={block.video_url}>
        <Picture image={{ image_url: block.thumbnail_url, alt_text: `Watch: ${wordsOf(block.alt_text)}` }} />
      </Link>
    </div>
  );
}

const SIGNS: Record<string, [sign: string, word: string]> = {
  info: ["ℹ", "Note"],
  warning: ["⚠", "Warning"],
  error: ["⛔", "Error"],
  success: ["✓", "Done"],
};

function Alert({ block }: BlockProps) {
  const [sign, word] = SIGNS[block.level] ?? ["•", "Note"];
  return (
    <div className={`alert ${SIGNS[block.level] ? block.level : "default"}`} role="note" aria-label={word}>
      <span aria-hidden="true">{sign}</span>
      <div>
        <Text of={block.text} />
      </div>
    </div>
  );
}

/** One block. */
export function Block(props: BlockProps) {
  const { block } = props;
  const type = String(block?.type ?? "");
  if (BY_LIBRARY.has(type)) {
    const wide = type === "table";
    return (
      <div className={wide ? "tablewrap" : undefined} tabIndex={wide ? 0 : undefined}>
        <Shown block={block} />
      </div>
    );
  }
  switch (type) {
    case "section":
      return <Section {...props} />;
    case "header":
      return (
        <h2 className="header">
          <Text of={block.text} />
        </h2>
      );
    case "divider":
      return <hr />;
    case "markdown":
      return <Markdown text={block.text} />;
    case "context":
      return <Context {...props} />;
    case "actions":
    case "context_actions":
      return <Actions {...props} />;
    case "image":
      return <Image {...props} />;
    case "input":
      return <Field {...props} />;
    case "alert":
      return <Alert {...props} />;
    case "card":
      return <Card {...props} />;
    case "carousel":
      return <Carousel {...props} />;
    case "container":
      return <Container {...props} />;
    case "video":
      return <Video {...props} />;
    case "data_table":
      return <DataTable block={block} />;
    case "file":
      return <p className="unknown">📄 A file from elsewhere ({String(block.external_id ?? "")})</p>;
    default:
      return <p className="unknown">[{type || "block"}]</p>;
  }
}
