import type { SlackFile } from "../api/types";

const SHOWN = /^image\/(png|jpeg|gif|webp)$/;
const NAMES = /\.(png|jpe?g|gif|webp)$/i;

/** Whether a file is a picture that the local Slack shows: of the kinds that carry no script, as SVG may. */
export const isPicture = (file: SlackFile): boolean =>
  Boolean(file.url_private) && (file.mimetype ? SHOWN.test(file.mimetype) : NAMES.test(file.name ?? ""));
