// The viewer with its styles, apart from the rest so that only who sees a form loads it.

import "@bpmn-io/form-js-viewer/dist/assets/form-js.css";
import "../style/form.css";

export { createForm } from "@bpmn-io/form-js-viewer";
