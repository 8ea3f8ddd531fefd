import { useEffect, useRef } from "react";
import { Plain } from "../../text/Mrkdwn";
import type { Group, Option } from "../options";

interface Props {
  id: string;
  label: string;
  groups: Group[];
  many: boolean;
  /** Which option the keyboard is at, counted over all groups; -1 for none. */
  active: number;
  isChosen: (option: Option) => boolean;
  isOff: (option: Option) => boolean;
  note: string;
  point: (index: number) => void;
  pick: (option: Option) => void;
}

/** The list of a combobox. The keyboard stays in the field; a press here must not take it away. */
export function Choices(props: Props) {
  const list = useRef<HTMLDivElement>(null);
  const { active, id } = props;
  useEffect(() => {
    if (active >= 0) document.getElementById(`${id}-${active}`)?.scrollIntoView?.({ block: "nearest" });
  }, [active, id]);
  let index = -1;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the press is only kept from moving the focus
    <div onPointerDown={(event) => event.preventDefault()} onMouseDown={(event) => event.preventDefault()}>
      <div ref={list} id={id} role="listbox" aria-label={props.label} aria-multiselectable={props.many || undefined}>
        {props.groups.map((group, number) => {
          const heading = group.label ? `${id}-g${number}` : undefined;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: two groups may have the same name
            // biome-ignore lint/a11y/useSemanticElements: a fieldset may not stand in a list of options
            <div key={number} role="group" aria-labelledby={heading}>
              {heading ? (
                <div id={heading} className="group">
                  <Plain text={group.label} />
                </div>
              ) : null}
              {group.options.map((option) => {
                index += 1;
                const here = index;
                const off = props.isOff(option);
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
                  // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
                  <div
                    key={option.value}
                    id={`${id}-${here}`}
                    role="option"
                    aria-selected={props.isChosen(option)}
                    aria-disabled={off || undefined}
                    className={here === active ? "choice active" : "choice"}
                    onPointerMove={() => props.point(here)}
                    onClick={() => off || props.pick(option)}
                  >
                    <span className="check" aria-hidden="true">
                      {props.isChosen(option) ? "✓" : ""}
                    </span>
                    <span>
                      <Plain text={option.label} />
                      {option.description ? (
                        <small>
                          {" "}
                          <Plain text={option.description} />
                        </small>
                      ) : null}
                    </span>
                  </div>
                );
              })}
            </div>
          );
        })}
      </div>
      <div className="none" role="status">
        {props.note}
      </div>
    </div>
  );
}
