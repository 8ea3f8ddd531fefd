/** Plain text of a message in Slack's mrkdwn. */
export function Mrkdwn({ text }: { text: string }) {
  return <span>{text}</span>;
}
