import { createRoot } from "react-dom/client";
import "slack-blocks-to-jsx/dist/style.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/messages.css";
import "./styles/composer.css";
import "./styles/text.css";
import "./styles/blocks.css";
import "./styles/elements.css";
import "./styles/dialogs.css";
import { loadLibrary } from "./blocks/Shown";
import { App } from "./shell/App";
import { applyTheme } from "./shell/theme";

applyTheme();
createRoot(document.getElementById("page") as HTMLElement).render(<App />);
(window.requestIdleCallback ?? setTimeout)(() => void loadLibrary());
