import type { Json, SlackFile } from "../api/types";

/** What a person can do with the elements of a message, a modal or an App Home. */
export interface Acting {
  /** Click or choose: an option's value, a list of them, `positive`/`negative`, or null; resolves when the app took it. */
  act(block: Json, element: Json, value: unknown): Promise<void>;
  /** Type into a menu whose options the app is asked for. */
  suggest?(block: Json, element: Json, typed: string): Promise<Suggested>;
  /** Upload a file for a field of files; fails with an error whose message is for people. */
  upload?(file: File): Promise<SlackFile>;
}

export interface Suggested {
  options?: Json[];
  option_groups?: Json[];
  error: string | null;
}
