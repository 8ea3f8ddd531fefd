import type { Json } from "../api/types";
import type { Acting } from "./acting";

/**
 * Draw blocks: what is only shown by the library, what one can click or fill in by our own elements around it.
 *
 * @param values what stands in the fields of a view, by block id and action id
 * @param errors what is wrong with a field, by block id
 */
export function Blocks(props: {
  blocks: Json[];
  acting: Acting;
  values?: Record<string, Record<string, Json>>;
  errors?: Record<string, string>;
}) {
  return <pre>{JSON.stringify(props.blocks, null, 1)}</pre>;
}
