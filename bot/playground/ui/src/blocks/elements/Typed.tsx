import { type KeyboardEvent, useEffect, useRef } from "react";
import type { Json } from "../../api/types";
import { type ElementProps, stateOf, tells, useAct } from "../acts";
import { useHeld } from "../form";
import { heldBy, richOf, textOfRich } from "../held";

const PAUSE_MS = 500;
const LONGEST = 3000;
const NEAR = 0.8;
const KINDS: Record<string, { type: string; inputMode?: "decimal" | "numeric" }> = {
  number_input: { type: "text", inputMode: "numeric" },
  email_text_input: { type: "email" },
  url_text_input: { type: "url" },
};

const triggers = (element: Json): string[] =>
  element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];

/** Tell the app of what is typed, as its dispatch config says: at Enter, or after a pause. */
function useDispatch(props: ElementProps, sent: (text: string) => unknown) {
  const { act } = useAct(props);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const on = props.block.type === "input" && props.block.dispatch_action ? triggers(props.element) : [];
  return {
    typed(text: string) {
      if (!on.includes("on_character_entered")) return;
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void act(sent(text)), PAUSE_MS);
    },
    key(event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) {
      const plain = event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing;
      if (!plain || !on.includes("on_enter_pressed")) return;
      event.preventDefault();
      clearTimeout(timer.current);
      void act(sent(event.currentTarget.value));
    },
  };
}

function Left({ text, most }: { text: string; most: number }) {
  if (text.length < most * NEAR) return null;
  return (
    <small className={text.length > most ? "left over" : "left"} role="status">
      {text.length > most ? `${text.length - most} too many` : `${most - text.length} left`}
    </small>
  );
}

/** A field to type into: text, number, e-mail address, link. */
export function Typed(props: ElementProps) {
  const { block, element, named } = props;
  const rich = element.type === "rich_text_input";
  const sent = (text: string): unknown => (rich ? richOf(text) : text || null);
  const held = heldBy(element, stateOf(props));
  const began = rich ? textOfRich(held) : String(held ?? "");
  const [text, put] = useHeld<string>(block, element, began, sent);
  const dispatch = useDispatch(props, sent);
  const kind = KINDS[element.type] ?? { type: "text" };
  const common = {
    id: named?.id,
    className: "control",
    placeholder: element.placeholder?.text,
    value: text,
    "aria-label": named ? undefined : (element.placeholder?.text ?? "Text"),
    "aria-invalid": named?.wrong || undefined,
    "aria-describedby": named?.describedBy,
    onChange: (event: { target: { value: string } }) => {
      put(event.target.value);
      dispatch.typed(event.target.value);
    },
    onKeyDown: dispatch.key,
  };
  const most: number = element.max_length ?? LONGEST;
  if (rich || element.multiline) {
    return (
      <>
        <textarea {...common} rows={rich ? 5 : 4} />
        <Left text={text} most={most} />
      </>
    );
  }
  const decimal = element.type === "number_input" && element.is_decimal_allowed;
  return (
    <>
      <input {...common} type={kind.type} inputMode={decimal ? "decimal" : kind.inputMode} autoComplete="off" />
      <Left text={text} most={most} />
    </>
  );
}

const PICKERS: Record<string, string> = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };
const NAMES: Record<string, string> = { datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time" };

/** A moment as the browser's field for it wants it. */
export function localTime(seconds: unknown): string {
  if (seconds === null || seconds === undefined || seconds === "") return "";
  const when = new Date(Number(seconds) * 1000);
  if (Number.isNaN(when.getTime())) return "";
  return new Date(when.getTime() - when.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** A date, a time of day, or both. */
export function Picker(props: ElementProps) {
  const { block, element, named } = props;
  const both = element.type === "datetimepicker";
  const held = heldBy(element, stateOf(props));
  // the browser's field knows no seconds, so a moment that nobody touched is sent as it came
  const asMoment = (text: string) =>
    text === localTime(held) ? held : Math.floor(new Date(text).getTime() / 1000) || null;
  const sent = (text: string): unknown => (both ? (text ? asMoment(text) : null) : text || null);
  const [text, put] = useHeld<string>(block, element, both ? localTime(held) : String(held ?? ""), sent);
  const { act, busy } = useAct(props);
  const told = useRef(text);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  async function tell(now: string) {
    clearTimeout(timer.current);
    if (!tells(block) || now === told.current) return;
    const before = told.current;
    told.current = now;
    if (await act(sent(now))) return;
    told.current = before;
    put(before);
  }
  return (
    <>
      <input
        id={named?.id}
        className="control picker"
        type={PICKERS[element.type]}
        value={text}
        aria-label={named ? undefined : (element.placeholder?.text ?? NAMES[element.type])}
        aria-invalid={named?.wrong || undefined}
        aria-describedby={named?.describedBy}
        aria-busy={busy || undefined}
        onChange={(event) => {
          const now = event.target.value;
          put(now);
          // a year that is being typed is a date at each digit
          clearTimeout(timer.current);
          timer.current = setTimeout(() => void tell(now), PAUSE_MS);
        }}
        onBlur={(event) => void tell(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && tells(block)) void tell(event.currentTarget.value);
        }}
      />
      {element.timezone ? <small className="zone">{element.timezone}</small> : null}
    </>
  );
}
