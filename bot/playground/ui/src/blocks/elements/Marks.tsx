import { useId } from "react";
import type { Json } from "../../api/types";
import { type ElementProps, stateOf, tells, useAct } from "../acts";
import { useHeld } from "../form";
import { heldBy } from "../held";
import { Text } from "../Text";

const idOf = (option: unknown) => String((option as Json | null)?.value ?? "");

interface GroupProps extends ElementProps {
  kind: "radio" | "checkbox";
  chosen: string[];
  busy: boolean;
  toggle: (value: string, on: boolean) => void;
}

function Group({ element, named, kind, chosen, busy, toggle }: GroupProps) {
  const name = useId();
  const options: Json[] = element.options ?? [];
  return (
    <fieldset
      role={kind === "radio" ? "radiogroup" : undefined}
      className="marks"
      aria-label={named?.label ?? "Choose"}
      aria-describedby={named?.describedBy}
      aria-invalid={kind === "radio" && named?.wrong ? true : undefined}
      aria-busy={busy || undefined}
    >
      {options.map((option, index) => (
        <label key={option.value} className="mark">
          <input
            id={index ? undefined : named?.id}
            type={kind}
            name={name}
            value={option.value}
            checked={chosen.includes(option.value)}
            onChange={(event) => toggle(option.value, event.target.checked)}
          />
          <span>
            <Text of={option.text} />
            {option.description ? (
              <small>
                <Text of={option.description} />
              </small>
            ) : null}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** One of some. */
export function RadioButtons(props: ElementProps) {
  const { block, element } = props;
  const began = idOf(heldBy(element, stateOf(props))) || null;
  const [chosen, put] = useHeld<string | null>(block, element, began, (held) => held);
  const { act, busy } = useAct(props);
  async function toggle(value: string) {
    put(value);
    if (tells(block) && !(await act(value))) put(chosen);
  }
  return <Group {...props} kind="radio" chosen={chosen ? [chosen] : []} busy={busy} toggle={toggle} />;
}

/** Any of some. */
export function Checkboxes(props: ElementProps) {
  const { block, element } = props;
  const held = heldBy(element, stateOf(props));
  const [chosen, put] = useHeld<string[]>(block, element, Array.isArray(held) ? held.map(idOf) : [], (now) => now);
  const { act, busy } = useAct(props);
  async function toggle(value: string, on: boolean) {
    const all: string[] = (element.options ?? []).map(idOf);
    const next = all.filter((one) => (one === value ? on : chosen.includes(one)));
    put(next);
    if (tells(block) && !(await act(next))) put(chosen);
  }
  return <Group {...props} kind="checkbox" chosen={chosen} busy={busy} toggle={toggle} />;
}
