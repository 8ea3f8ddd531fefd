import { useId } from "react";
import type { BlockProps } from "./Block";
import { Element } from "./Element";
import { Text, wordsOf } from "./Text";

const GROUPS = new Set(["radio_buttons", "checkboxes", "file_input"]);

/** A field of a form: its label, what one fills in, its hint, and what is wrong with it. */
export function Field({ block, error, ...rest }: BlockProps) {
  const own = useId();
  const element = block.element ?? {};
  const described = [block.hint ? `${own}h` : "", error ? `${own}e` : ""].filter(Boolean).join(" ");
  const label = (
    <>
      <Text of={block.label} />
      {block.optional ? <small> (optional)</small> : null}
    </>
  );
  return (
    <div
      className={`field ${error ? "wrong" : ""}`}
      data-block={block.block_id}
      data-action={element.action_id}
      data-first={element.focus_on_load || undefined}
    >
      {GROUPS.has(element.type) ? (
        <span className="label">{label}</span>
      ) : (
        <label className="label" htmlFor={own}>
          {label}
        </label>
      )}
      <Element
        {...rest}
        block={block}
        element={element}
        named={{ id: own, label: wordsOf(block.label), describedBy: described || undefined, wrong: Boolean(error) }}
      />
      {error ? (
        <span id={`${own}e`} className="error" role="alert">
          {error}
        </span>
      ) : null}
      {block.hint ? (
        <small id={`${own}h`} className="hint">
          <Text of={block.hint} />
        </small>
      ) : null}
    </div>
  );
}
