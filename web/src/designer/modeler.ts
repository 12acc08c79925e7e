// The editor of bpmn-js with all that belongs to it, for one canvas and one panel of properties.

import Modeler from "bpmn-js/lib/Modeler";
import Colors from "bpmn-js-color-picker";
import { CreateAppendAnythingModule } from "bpmn-js-create-append-anything";
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  ZeebePropertiesProviderModule,
  ZeebeTooltipProvider,
} from "bpmn-js-properties-panel";
import Behaviours from "camunda-bpmn-js-behaviors/lib/camunda-cloud";
import Grid from "diagram-js-grid";
import Minimap from "diagram-js-minimap";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/diagram-js.css";
import "@bpmn-io/properties-panel/dist/assets/properties-panel.css";
import "diagram-js-minimap/assets/diagram-js-minimap.css";
import "bpmn-js-color-picker/colors/color-picker.css";
import "../style/diagram.css";
import "../style/designer.css";
import type { Function as PythonFunction } from "../api/schema";
import { SharedClipboardModule } from "./clipboard";
import { ParametersModule } from "./parameters";

const RENDERER = { defaultFillColor: "var(--shape)", defaultStrokeColor: "var(--ink)" };

/** A template of the server's, made from one of the project's functions. */
export type Template = { name: string; id: string };

/** What the project brings to the drawing. */
interface Known {
  templates: Template[];
  functions: PythonFunction[];
}

export async function makeModeler(canvas: HTMLElement, panel: HTMLElement, { templates, functions }: Known): Promise<Modeler> {
  // Templates weigh more than all the rest: who has no functions does without them.
  const templating = templates.length === 0 ? [] : (await import("./templating")).TEMPLATING;
  return new Modeler({
    container: canvas,
    bpmnRenderer: RENDERER,
    moddleExtensions: { zeebe },
    propertiesPanel: { parent: panel },
    elementTemplates: templates,
    functions,
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      ZeebeTooltipProvider,
      Behaviours,
      CreateAppendAnythingModule,
      SharedClipboardModule,
      ParametersModule,
      Minimap,
      Grid,
      Colors,
      ...templating,
    ],
  });
}
