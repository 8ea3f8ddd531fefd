import { useState } from "react";
import type { SlackFile } from "../api/types";
import { upload, uploadEach } from "../state/files";
import { toast } from "../state/store";

/**
 * The files of a message that is being written: those that are there, and whether others are on their way.
 *
 * @param failed called before the uploading ends when some of it went wrong, which is said
 */
export function useUploads(failed: () => void) {
  const [files, setFiles] = useState<SlackFile[]>([]);
  const [choices, setChoices] = useState(0);

  async function attach(chosen: File[]): Promise<void> {
    setChoices((now) => now + 1);
    const wrong = await uploadEach(chosen, upload, (uploaded) => setFiles((now) => [...now, uploaded]));
    if (wrong) {
      toast(wrong);
      failed();
    }
    setChoices((now) => now - 1);
  }
  return { files, setFiles, uploading: choices > 0, attach };
}
