import { useRef, useState } from "react";
import type { SlackFile } from "../../api/types";
import { uploadEach } from "../../state/files";
import { type ElementProps, stateOf } from "../acts";
import { useHeld } from "../form";
import { heldBy } from "../held";

const MOST = 10;

/** Words about the files for which there is no room; empty when there was room for all. */
function leftOut(most: number, files: File[]): string {
  if (!files.length) return "";
  const names = files.map((file) => file.name).join(", ");
  return `${most === 1 ? "One file fits" : `${most} files fit`} here. Left out: ${names}.`;
}

/** A field of files: they are uploaded when they are picked, as in Slack, and named by their ids. */
export function FileInput(props: ElementProps) {
  const { block, element, acting, named } = props;
  const most: number = element.max_files ?? MOST;
  const began = heldBy(element, stateOf(props));
  const [files, put] = useHeld<SlackFile[]>(block, element, Array.isArray(began) ? began : [], (held) =>
    held.map((file) => file.id),
  );
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const room = most - files.length;
  const endings: string[] = element.filetypes ?? [];

  async function upload(picked: File[]) {
    if (!acting.upload) return;
    setBusy(true);
    setTrouble(null);
    let now = files;
    try {
      const wrong = await uploadEach(picked.slice(0, room), acting.upload, (kept) => {
        now = [...now, kept];
        put(now);
      });
      setTrouble([wrong, leftOut(most, picked.slice(room))].filter(Boolean).join(" ") || null);
    } finally {
      setBusy(false);
    }
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
      {trouble ? (
        <span className="error" role="alert">
          {trouble}
        </span>
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
