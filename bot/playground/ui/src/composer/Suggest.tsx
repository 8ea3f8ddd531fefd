import { Fragment } from "react";
import type { Suggestion } from "./suggestions";

/** The list above the field; the field keeps the focus and names the marked line. */
export function Suggest(props: { id: string; found: Suggestion[]; at: number; take: (one: Suggestion) => void }) {
  const { id, found, at, take } = props;
  return (
    <ul className="suggest" id={id} role="listbox" aria-label="Suggestions" hidden={!found.length}>
      {found.map((one, row) => (
        <Fragment key={`${one.shown}`}>
          {one.about ? (
            <li className="caption" role="presentation">
              {one.about}
            </li>
          ) : null}
          <li
            id={`${id}-${row}`}
            role="option"
            aria-selected={row === at}
            tabIndex={-1}
            onMouseDown={(event) => {
              event.preventDefault();
              take(one);
            }}
          >
            <b>{one.shown}</b> <small>{one.what}</small>
          </li>
        </Fragment>
      ))}
    </ul>
  );
}
