// A call of the Web API as a line for a terminal. Pure.
import type { Detail } from "./shapes";

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Return a curl command that makes the same call again.
 *
 * @param entry a call; its token is not in the record, so the shell's `$SLACK_BOT_TOKEN` stands there
 * @param origin where the local Slack is
 */
export function curlOf(entry: Detail, origin: string): string {
  const lines = [
    `curl -X POST ${quoted(`${origin}/api/${entry.name}`)}`,
    '-H "Authorization: Bearer $SLACK_BOT_TOKEN"',
  ];
  const values = Object.values(entry.request);
  if (values.every((value) => typeof value === "string")) {
    for (const [key, value] of Object.entries(entry.request))
      lines.push(`--data-urlencode ${quoted(`${key}=${value}`)}`);
  } else {
    lines.push("-H 'Content-Type: application/json; charset=utf-8'", `-d ${quoted(JSON.stringify(entry.request))}`);
  }
  return lines.join(" \\\n  ");
}
