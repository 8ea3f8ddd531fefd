import { Mrkdwn } from "../text/Mrkdwn";

export const BULLET = "• ";

/** The questions that a message lists, a line with a bullet each. */
export const questionsIn = (text: string): string[] =>
  text
    .split("\n")
    .filter((line) => line.startsWith(BULLET))
    .map((line) => line.slice(BULLET.length).trim());

interface Props {
  text: string;
  asked: ReadonlySet<string>;
  ask: (question: string) => void;
}

/** A message whose listed questions can be put into the message field with a click. */
export function Questions({ text, asked, ask }: Props) {
  const before = text.split("\n").filter((line) => !line.startsWith(BULLET));
  return (
    <>
      <Mrkdwn text={before.join("\n").trim()} />
      <div className="bullets">
        {questionsIn(text).map((question) => (
          <button
            key={question}
            type="button"
            className={`ask ${asked.has(question) ? "asked" : ""}`}
            title="Put this into the message field"
            onClick={() => ask(question)}
          >
            {question}
            {asked.has(question) ? <small> asked</small> : null}
          </button>
        ))}
      </div>
    </>
  );
}
