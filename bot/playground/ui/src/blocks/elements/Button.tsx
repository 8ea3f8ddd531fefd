import { type ReactNode, useState } from "react";
import type { Json } from "../../api/types";
import { useViewer } from "../../state/select";
import { safeHref } from "../../text/links";
import { Plain } from "../../text/Mrkdwn";
import { type ElementProps, useAct } from "../acts";

function useIsFor(element: Json): boolean {
  const viewer = useViewer();
  const only = element.visible_to_user_ids;
  return !Array.isArray(only) || !only.length || only.includes(viewer);
}

interface FaceProps {
  props: ElementProps;
  value: unknown;
  label: unknown;
  sign?: ReactNode;
  name?: string;
  pressed?: boolean;
  className?: string;
  done?: () => void;
}

// A busy button stays in the tab order, so that the focus is not lost while the app is waited for.
function Face({ props, value, label, sign, name, pressed, className = "", done }: FaceProps) {
  const { once, busy } = useAct(props);
  const { element } = props;
  return (
    <button
      type="button"
      className={`btn ${["primary", "danger"].includes(element.style) ? element.style : ""} ${className}`}
      data-act={element.action_id}
      aria-label={name || undefined}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      aria-pressed={pressed}
      onClick={async () => {
        if (await once(value)) done?.();
      }}
    >
      {sign ? <span aria-hidden="true">{sign} </span> : null}
      <Plain text={label} />
    </button>
  );
}

/** A button, also one that starts a workflow or leads to another page. */
export function Button(props: ElementProps) {
  const { element } = props;
  const href = safeHref(element.url);
  const shown = useIsFor(element);
  if (!shown) return null;
  const open = href && /^http/i.test(href) ? () => window.open(href, "_blank", "noopener,noreferrer") : undefined;
  return (
    <Face
      props={open && !element.confirm ? { ...props, acting: opening(props, open) } : props}
      value={element.value ?? null}
      label={element.text?.text}
      name={element.accessibility_label}
      done={element.confirm ? open : undefined}
    />
  );
}

// The page is opened in the click itself: later, the browser would take it for a pop-up.
function opening({ acting }: ElementProps, open: () => void): ElementProps["acting"] {
  return {
    ...acting,
    act: (...all) => {
      open();
      return acting.act(...all);
    },
  };
}

/** A button with a sign: Slack has the dustbin only. */
export function IconButton(props: ElementProps) {
  const { element } = props;
  if (!useIsFor(element)) return null;
  return (
    <Face
      props={props}
      value={element.value ?? null}
      label={element.text?.text}
      sign="🗑"
      name={element.accessibility_label}
      className="light"
    />
  );
}

/** Thumbs up and down under an answer. */
export function FeedbackButtons(props: ElementProps) {
  const [given, setGiven] = useState<string | null>(null);
  const half = (which: "positive" | "negative", sign: string) => {
    const button = props.element[`${which}_button`] ?? {};
    return (
      <Face
        props={props}
        value={which}
        label={button.text?.text}
        sign={sign}
        name={button.accessibility_label}
        pressed={given === which}
        className="light"
        done={() => setGiven(which)}
      />
    );
  };
  return (
    <span className="feedback">
      {half("positive", "👍")}
      {half("negative", "👎")}
    </span>
  );
}
