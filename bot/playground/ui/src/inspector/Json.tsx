import { useState } from "react";
import { keyOf } from "./pointer";

const OPEN_DEPTH = 2;
const MANY = 20;
const LONG = 400;

export interface Notes {
  /** Sentences by the key of the place that they are about. */
  at: Map<string, string[]>;
  /** Keys of the places above them: they begin open. */
  above: Set<string>;
}

export const NO_NOTES: Notes = { at: new Map(), above: new Set() };

function Text({ value }: { value: string }) {
  const [whole, setWhole] = useState(value.length <= LONG);
  return (
    <span className="json-string">
      {JSON.stringify(whole ? value : value.slice(0, LONG))}
      {whole ? null : (
        <button type="button" className="quiet" onClick={() => setWhole(true)}>
          … show all {value.length} characters
        </button>
      )}
    </span>
  );
}

function Leaf({ value }: { value: unknown }) {
  if (typeof value === "string") return <Text value={value} />;
  return <span className={`json-${value === null ? "null" : typeof value}`}>{String(value)}</span>;
}

interface Props {
  value: unknown;
  /** What stands before it; empty at the top. */
  name?: string;
  path?: string[];
  notes?: Notes;
}

/** JSON to open and close, with sentences at the places that they are about. */
export function Json({ value, name = "", path = [], notes = NO_NOTES }: Props) {
  const key = keyOf(path);
  const sentences = notes.at.get(key);
  const isBranch = typeof value === "object" && value !== null;
  const children = isBranch ? Object.entries(value) : [];
  const [open, setOpen] = useState(
    path.length === 0 || notes.above.has(key) || (path.length < OPEN_DEPTH && children.length <= MANY),
  );
  const label = name === "" ? null : <span className="json-key">{name}</span>;
  const said = sentences ? (
    <span className="json-finding">
      {sentences.map((sentence) => (
        <span key={sentence}>⚠ {sentence}</span>
      ))}
    </span>
  ) : null;
  if (!children.length) {
    return (
      <div className="json-leaf" data-path={key}>
        {label}
        {isBranch ? <span className="json-null">{Array.isArray(value) ? "[ ]" : "{ }"}</span> : <Leaf value={value} />}
        {said}
      </div>
    );
  }
  const unit = Array.isArray(value)
    ? children.length === 1
      ? "item"
      : "items"
    : children.length === 1
      ? "key"
      : "keys";
  return (
    <details open={open} data-path={key} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {label}
        <span className="json-size">
          {Array.isArray(value) ? "[" : "{"} {children.length} {unit} {Array.isArray(value) ? "]" : "}"}
        </span>
        {said}
      </summary>
      {open
        ? children.map(([step, child]) => (
            <Json key={step} value={child} name={step} path={[...path, step]} notes={notes} />
          ))
        : null}
    </details>
  );
}
