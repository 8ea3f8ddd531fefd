import type { ReactNode } from "react";
import { placeOf, safeHref } from "./links";

/** A link of a message: the one place where links are made. What may not be followed is text. */
export function Link({ href, children }: { href: unknown; children?: ReactNode }) {
  const safe = safeHref(href);
  const shown = children ?? String(href ?? "");
  if (!safe) return <>{shown}</>;
  const place = placeOf(safe);
  if (place) return <a href={place}>{shown}</a>;
  return (
    <a href={safe} target="_blank" rel="noopener noreferrer">
      {shown}
    </a>
  );
}
