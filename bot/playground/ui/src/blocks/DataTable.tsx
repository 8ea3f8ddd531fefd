import { useState } from "react";
import type { Json } from "../api/types";
import { Shown } from "./Shown";
import { wordsOf } from "./Text";

const PAGE = 25;

/** A table of data, a page at a time: its first row names the columns, on every page. */
export function DataTable({ block }: { block: Json }) {
  const [page, setPage] = useState(0);
  const [head, ...rows]: Json[][] = block.rows ?? [];
  const size = Math.max(1, Number(block.page_size) || PAGE);
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const at = Math.min(page, pages - 1);
  const caption = wordsOf(block.caption) || wordsOf(block.title);
  return (
    <figure className="datatable">
      {caption ? <figcaption>{caption}</figcaption> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <div className="tablewrap" tabIndex={0}>
        <Shown block={{ type: "table", rows: [head ?? [], ...rows.slice(at * size, (at + 1) * size)] }} />
      </div>
      {pages > 1 ? (
        <div className="pages">
          <button type="button" className="btn" disabled={!at} onClick={() => setPage(Math.max(0, at - 1))}>
            Previous
          </button>
          <span>
            {at + 1} of {pages}
          </span>
          <button
            type="button"
            className="btn"
            disabled={at + 1 >= pages}
            onClick={() => setPage(Math.min(pages - 1, at + 1))}
          >
            Next
          </button>
        </div>
      ) : null}
    </figure>
  );
}
