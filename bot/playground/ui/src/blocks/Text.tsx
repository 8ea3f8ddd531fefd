import type { Json } from "../api/types";
import { Mrkdwn, Plain } from "../text/Mrkdwn";

/** A text object: plain, or in mrkdwn. */
export function Text({ of }: { of: Json | string | null | undefined }) {
  if (!of) return null;
  if (typeof of === "string") return <Plain text={of} />;
  if (of.type === "mrkdwn") return <Mrkdwn text={String(of.text ?? "")} />;
  return <Plain text={of.text} emoji={of.emoji !== false} />;
}

/** What a text object says, without marks. */
export const wordsOf = (of: Json | string | null | undefined): string =>
  typeof of === "string" ? of : String(of?.text ?? "");
