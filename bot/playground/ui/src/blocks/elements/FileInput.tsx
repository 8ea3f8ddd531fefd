import { useRef, useState } from "react";
import type { SlackFile } from "../../api/types";
import { type ElementProps, stateOf } from "../acts";
import { useHeld } from "../form";
import { heldBy } from "../held";

const MOST = 10;

/** A field of files: they are uploaded when they are picked, as in Slack, and named by their ids. */
export function FileInput(props: ElementProps) {
  const { block, element, acting, named } = props;
  const most: number = element.max_files ?? MOST;
  const began = heldBy(element, stateOf(props));
  const [files, put] = useHeld<SlackFile[]>(block, element, Array.isArray(began) ? began : [], (held) =>
    held.map((file) => file.id),
  );
  const [busy, setBusy] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const room = most - files.length;
  const endings: string[] = element.filetypes ?? [];

  async function upload(picked: File[]) {
    setBusy(true);
    let now = files;
    for (const file of picked.slice(0, room)) {
      const kept = await acting.upload?.(file);
      if (kept) {
        now = [...now, kept];
        put(now);
      }
    }
    setBusy(false);
  }
  return (
    <div className="files-field">
      {room > 0 ? (
        <label className="btn upload" aria-busy={busy || undefined}>
          <input
            ref={picker}
            id={named?.id}
            type="file"
            multiple={most > 1}
            accept={endings.map((ending) => `.${ending}`).join(",") || undefined}
            aria-label={named?.label ?? "Files"}
            aria-invalid={named?.wrong || undefined}
            aria-describedby={named?.describedBy}
            disabled={busy}
            onChange={(event) => {
              const picked = [...(event.target.files ?? [])];
              event.target.value = "";
              void upload(picked);
            }}
          />
          {busy ? "Uploading…" : most > 1 ? "Upload files" : "Upload a file"}
        </label>
      ) : null}
      <ul>
        {files.map((file) => (
          <li key={file.id}>
            <span aria-hidden="true">📄</span>
            <span className="grow">{file.name ?? file.id}</span>
            <button
              type="button"
              className="icon"
              aria-label={`Remove ${file.name ?? file.id}`}
              onClick={() => put(files.filter((one) => one.id !== file.id))}
            >
              ✕
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
