// What makes the project's functions appear as tasks to choose, with their parameters as fields.

import ElementTemplateChooserModule from "@bpmn-io/element-template-chooser";
import { CreateAppendElementTemplatesModule } from "bpmn-js-create-append-anything";
import { CloudElementTemplatesPropertiesProviderModule } from "bpmn-js-element-templates";
import "@bpmn-io/element-template-chooser/dist/element-template-chooser.css";
import "bpmn-js-element-templates/dist/assets/element-templates.css";

export const TEMPLATING = [
  CloudElementTemplatesPropertiesProviderModule,
  CreateAppendElementTemplatesModule,
  ElementTemplateChooserModule,
];
