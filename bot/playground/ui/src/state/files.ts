import { control, Refused } from "../api/control";
import type { SlackFile } from "../api/types";
import { viewer } from "./store";

/** Of a file that a person uploads: `MOST_BYTES_OF_A_FORM` of the local Slack. */
const MOST_BYTES = 10_000_000;

/** The bytes of a file, as the control API takes them. */
function asBase64(file: File): Promise<string> {
  return new Promise((settle, fail) => {
    const reader = new FileReader();
    reader.onload = () => settle(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => fail(new Refused(`${file.name} cannot be read. Is it a folder, or gone?`));
    reader.readAsDataURL(file);
  });
}

/**
 * Upload a file from the person's computer.
 *
 * @throws Refused it is empty, too large or cannot be read; Unreachable the local Slack is gone.
 */
export async function upload(file: File): Promise<SlackFile> {
  // before it is read: a large one would be held in memory twice, and then be refused without words
  if (file.size < 1 || file.size > MOST_BYTES) {
    const most = MOST_BYTES / 1_000_000;
    throw new Refused(`${file.name} cannot be uploaded: a file has a byte at least, and ${most} MB at most.`);
  }
  const content = await asBase64(file);
  try {
    return await control<SlackFile>("upload", { user: viewer(), name: file.name, content });
  } catch (error) {
    if (error instanceof Refused) throw new Refused(`${file.name} cannot be uploaded: ${error.message}.`);
    throw error;
  }
}

/**
 * Upload files one after the other; one that fails keeps none of the others back.
 *
 * @param kept gets each file that was uploaded
 * @returns what went wrong, in words; null when nothing did
 */
export async function uploadEach(
  files: Iterable<File>,
  one: (file: File) => Promise<SlackFile>,
  kept: (file: SlackFile) => void,
): Promise<string | null> {
  const wrong = new Set<string>();
  for (const file of files) {
    try {
      kept(await one(file));
    } catch (error) {
      wrong.add((error as Error).message);
    }
  }
  return wrong.size ? [...wrong].join(" ") : null;
}
