import type { ElementProps } from "./acts";
import { Button, FeedbackButtons, IconButton } from "./elements/Button";
import { FileInput } from "./elements/FileInput";
import { Checkboxes, RadioButtons } from "./elements/Marks";
import { Overflow } from "./elements/Overflow";
import { Select } from "./elements/Select";
import { Picker, Typed } from "./elements/Typed";
import { Picture } from "./Picture";

const TYPED = new Set(["plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"]);

/** An element of a block: something to click, to choose from or to fill in, or a picture. */
export function Element(props: ElementProps) {
  const type = String(props.element?.type ?? "");
  switch (type) {
    case "button":
    case "workflow_button":
      return <Button {...props} />;
    case "icon_button":
      return <IconButton {...props} />;
    case "feedback_buttons":
      return <FeedbackButtons {...props} />;
    case "overflow":
      return <Overflow {...props} />;
    case "radio_buttons":
      return <RadioButtons {...props} />;
    case "checkboxes":
      return <Checkboxes {...props} />;
    case "datepicker":
    case "timepicker":
    case "datetimepicker":
      return <Picker {...props} />;
    case "file_input":
      return <FileInput {...props} />;
    case "image":
      return <Picture image={props.element} className="thumb" />;
  }
  if (TYPED.has(type)) return <Typed {...props} />;
  if (type.endsWith("_select")) return <Select {...props} />;
  return <span className="unknown">[{type || "element"}]</span>;
}
