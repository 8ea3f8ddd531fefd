import { memo } from "react";
import type { Json } from "../api/types";
import type { Acting } from "./acting";
import { Block } from "./Block";
import { Boundary } from "./Boundary";
import { same } from "./same";

type Values = Record<string, Record<string, Json>>;

interface OneProps {
  block: Json;
  acting: Acting;
  values?: Values;
  error?: string;
}

// A block is drawn again when it, or what stands in it, has changed: not when another one has.
const One = memo(function One({ block, acting, values, error }: OneProps) {
  const type = String(block?.type ?? "block");
  return (
    <Boundary of={block} type={type}>
      <Block block={block} acting={acting} values={values} error={error} />
    </Boundary>
  );
}, same);

// What stands in the fields of a block; a container has blocks of its own.
function valuesIn(block: Json, values: Values | undefined): Values | undefined {
  if (!values || block?.type === "container") return values;
  const own = values[block?.block_id];
  return own && { [block.block_id]: own };
}

function keysOf(blocks: Json[]): string[] {
  const seen = new Set<string>();
  return blocks.map((block, index) => {
    const id = block?.block_id ? `${block.type}:${block.block_id}` : `${block?.type}:#${index}`;
    const key = seen.has(id) ? `${id}#${index}` : id;
    seen.add(key);
    return key;
  });
}

/**
 * Draw blocks: what is only shown by the library, what one can click or fill in by our own elements around it.
 *
 * @param values what stands in the fields of a view, by block id and action id
 * @param errors what is wrong with a field, by block id
 */
export const Blocks = memo(function Blocks(props: {
  blocks: Json[];
  acting: Acting;
  values?: Values;
  errors?: Record<string, string>;
}) {
  const blocks = Array.isArray(props.blocks) ? props.blocks : [];
  const keys = keysOf(blocks);
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <One
          key={keys[index]}
          block={block}
          acting={props.acting}
          values={valuesIn(block, props.values)}
          error={props.errors?.[block?.block_id]}
        />
      ))}
    </div>
  );
}, same);
