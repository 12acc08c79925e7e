// What the packages of bpmn.io give that say nothing about their types.

declare module "bpmn-js-properties-panel" {
  export const BpmnPropertiesPanelModule: Record<string, unknown>;
  export const BpmnPropertiesProviderModule: Record<string, unknown>;
  export const ZeebePropertiesProviderModule: Record<string, unknown>;
  export const ZeebeTooltipProvider: Record<string, unknown>;
  export function useService(name: string): unknown;
}
declare module "bpmn-js-create-append-anything" {
  export const CreateAppendAnythingModule: Record<string, unknown>;
  export const CreateAppendElementTemplatesModule: Record<string, unknown>;
}
declare module "bpmn-js-element-templates" {
  export const CloudElementTemplatesPropertiesProviderModule: Record<string, unknown>;
}
declare module "@bpmn-io/element-template-chooser" {
  const module: Record<string, unknown>;
  export default module;
}
declare module "camunda-bpmn-js-behaviors/lib/camunda-cloud" {
  const module: Record<string, unknown>;
  export default module;
}
declare module "diagram-js-minimap" {
  const module: Record<string, unknown>;
  export default module;
}
declare module "diagram-js-grid" {
  const module: Record<string, unknown>;
  export default module;
}
declare module "bpmn-js-color-picker" {
  const module: Record<string, unknown>;
  export default module;
}
declare module "zeebe-bpmn-moddle/resources/zeebe.json" {
  const schema: Record<string, unknown>;
  export default schema;
}
declare module "bpmn-moddle" {
  export class BpmnModdle {
    fromXML(xml: string): Promise<{ rootElement: object }>;
  }
}
declare module "dmn-js/lib/Modeler" {
  import { Manager } from "dmn-js/lib/NavigatedViewer";
  export default Manager;
}
declare module "dmn-js/lib/NavigatedViewer" {
  export interface View {
    id: string;
    name?: string;
    type: "drd" | "decisionTable" | "literalExpression" | "boxedExpression";
    element: import("./decisions").DmnElement;
  }
  export interface Viewer {
    on(event: string, heard: (event: never) => void): void;
    get<Service>(name: string): Service;
  }
  export class Manager {
    constructor(options: Record<string, unknown>);
    on(event: "views.changed", heard: (event: { views: View[]; activeView: View | undefined }) => void): void;
    on(event: "viewer.created", heard: (event: { viewer: Viewer }) => void): void;
    importXML(xml: string, options?: { open: boolean }): Promise<{ warnings: Error[] }>;
    saveXML(options: { format: boolean }): Promise<{ xml: string }>;
    getViews(): View[];
    getActiveView(): View | undefined;
    getActiveViewer(): Viewer | undefined;
    getDefinitions(): import("./decisions").DmnElement;
    open(view: View): Promise<unknown>;
    destroy(): void;
  }
  export default Manager;
}
declare module "bpmn-js-differ" {
  export interface Changed {
    model: { $type: string; id: string; name?: string };
    attrs?: Record<string, { oldValue: unknown; newValue: unknown }>;
  }
  export function diff(before: object, after: object): {
    _added: Record<string, { $type: string; id: string; name?: string }>;
    _removed: Record<string, { $type: string; id: string; name?: string }>;
    _changed: Record<string, Changed>;
    _layoutChanged: Record<string, { $type: string; id: string; name?: string }>;
  };
}
