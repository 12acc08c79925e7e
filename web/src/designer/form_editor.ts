// The editor of form-js with its styles, for one canvas, one palette and one panel of properties.

import { FormEditor } from "@bpmn-io/form-js-editor";
import "@bpmn-io/form-js-viewer/dist/assets/form-js.css";
import "@bpmn-io/form-js-editor/dist/assets/form-js-editor.css";
import "@bpmn-io/form-js-editor/dist/assets/dragula.css";
import "@bpmn-io/form-js-editor/dist/assets/properties-panel.css";
import "../style/form.css";
import "../style/form_editor.css";
import type { Schema } from "./models";

interface Boxes {
  box: HTMLElement;
  palette: HTMLElement;
  panel: HTMLElement;
}

export async function makeFormEditor({ box, palette, panel }: Boxes, schema: Schema): Promise<FormEditor> {
  const editor = new FormEditor({ container: box, palette: { parent: palette }, propertiesPanel: { parent: panel } });
  try {
    await editor.importSchema(schema);
  } catch (error) {
    editor.destroy();
    throw error;
  }
  return editor;
}
