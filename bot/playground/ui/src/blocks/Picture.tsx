import type { Json } from "../api/types";
import { safePicture } from "../text/links";

/** Where a picture is: at its own address, or a file of this Slack, named by its id or by its address. */
export function sourceOf(image: Json): string | null {
  if (!image.slack_file) return safePicture(image.image_url);
  const { id, url } = image.slack_file;
  if (id) return `/pictures/${encodeURIComponent(id)}`;
  try {
    const named = new URL(String(url), location.href).pathname.split("/")[2];
    return named ? `/pictures/${encodeURIComponent(named)}` : null;
  } catch {
    return null;
  }
}

/** A picture, with what it shows in words. */
export function Picture({ image, className, size }: { image: Json; className?: string; size?: number }) {
  const source = sourceOf(image);
  const words = String(image.alt_text ?? "");
  if (!source) return <span className="unknown">[{words || "image"}]</span>;
  return <img className={className} src={source} alt={words} width={size} height={size} loading="lazy" />;
}
