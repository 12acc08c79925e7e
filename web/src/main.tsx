import { render } from "preact";
import { listen } from "./api/live";
import { App } from "./app";
import "./style/tokens.css";
import "./style/base.css";
import { applyTheme } from "./theme";

applyTheme();
listen();
render(<App />, document.getElementById("app")!);
