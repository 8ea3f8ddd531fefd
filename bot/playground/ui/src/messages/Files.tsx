import { useState } from "react";
import type { SlackFile } from "../api/types";
import { isPicture } from "./pictures";

const downloadOf = (file: SlackFile) =>
  file.url_private_download &&
  new URL(file.url_private_download, location.origin).pathname.replace("/files/", "/downloads/");

function Card({ file }: { file: SlackFile }) {
  const name = file.title || file.name || file.id;
  const href = downloadOf(file);
  return (
    <div className="file">
      <span aria-hidden="true">📄</span>
      <span className="grow">
        {name}
        {file.name && file.name !== name ? <small>{file.name}</small> : null}
      </span>
      {href ? (
        <a href={href} download={file.name}>
          Download
        </a>
      ) : null}
    </div>
  );
}

function Picture({ file }: { file: SlackFile }) {
  const [broken, setBroken] = useState(false);
  if (broken) return <Card file={file} />;
  return (
    <figure className="picture">
      <figcaption>{file.title || file.name}</figcaption>
      <img
        src={`/pictures/${encodeURIComponent(file.id)}`}
        alt={file.title || file.name || "Picture"}
        loading="lazy"
        onError={() => setBroken(true)}
      />
    </figure>
  );
}

/** What is attached to a message: pictures are shown, all else can be downloaded. */
export function Files({ files }: { files: SlackFile[] }) {
  return files.map((file) =>
    isPicture(file) ? <Picture key={file.id} file={file} /> : <Card key={file.id} file={file} />,
  );
}
