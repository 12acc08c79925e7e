// The parameters of the function that a task calls, offered as input mappings in the panel of properties.

import { useService } from "bpmn-js-properties-panel";
import type { Function as PythonFunction, Parameter } from "../api/schema";
import { fill } from "../format";
import { messages as m } from "../messages/designer";

interface Moddle {
  $type: string;
  type?: string;
  target?: string;
  inputParameters?: Moddle[];
  values?: Moddle[];
  extensionElements?: Moddle;
  modelerTemplate?: string;
  get(name: string): unknown;
}
interface Shape {
  businessObject: Moddle;
}
interface Group {
  id: string;
  element?: Shape;
  component?: unknown;
}
interface Panel {
  registerProvider(priority: number, provider: { getGroups(element: Shape): (groups: Group[]) => Group[] }): void;
}
interface Modeling {
  updateModdleProperties(element: Shape, of: Moddle, properties: object): void;
}
interface Factory {
  create(type: string, properties: object): Moddle & { $parent?: Moddle };
}

/** After the groups of the panel itself, so that theirs are there to stand beside. */
const PRIORITY = 400;

const extensionOf = ({ businessObject }: Shape, type: string): Moddle | undefined =>
  businessObject.extensionElements?.values?.find((it) => it.$type === type);

/** The parameters that nothing is mapped to yet. */
function open(element: Shape, { parameters }: PythonFunction): Parameter[] {
  const mapped = new Set((extensionOf(element, "zeebe:IoMapping")?.inputParameters ?? []).map((it) => it.target));
  return parameters.filter((it) => !mapped.has(it.name));
}

class ParametersProvider {
  static $inject = ["propertiesPanel", "config.functions"];

  constructor(panel: Panel, functions: PythonFunction[]) {
    panel.registerProvider(PRIORITY, {
      getGroups: (element) => (groups) => {
        const called = functions.find((it) => it.name === extensionOf(element, "zeebe:TaskDefinition")?.type);
        // A template has fields for them already.
        const templated = element.businessObject?.get?.("zeebe:modelerTemplate") !== undefined;
        if (called === undefined || templated || open(element, called).length === 0) return groups;
        const at = groups.findIndex((it) => it.id === "inputs") + 1;
        const offered = { id: "parameters", element, component: () => <Parameters element={element} called={called} /> };
        return [...groups.slice(0, at), offered, ...groups.slice(at)];
      },
    });
  }
}

function Parameters({ element, called }: { element: Shape; called: PythonFunction }) {
  const modeling = useService("modeling") as Modeling;
  const factory = useService("bpmnFactory") as Factory;
  const insert = (name: string) => {
    const parameter = factory.create("zeebe:Input", { source: `=${name}`, target: name });
    const mapping = extensionOf(element, "zeebe:IoMapping");
    if (mapping !== undefined) {
      parameter.$parent = mapping;
      modeling.updateModdleProperties(element, mapping, { inputParameters: [...(mapping.inputParameters ?? []), parameter] });
      return;
    }
    const around = element.businessObject.extensionElements!;
    const made = factory.create("zeebe:IoMapping", { inputParameters: [parameter] });
    parameter.$parent = made;
    made.$parent = around;
    modeling.updateModdleProperties(element, around, { values: [...(around.values ?? []), made] });
  };
  return (
    <div class="bio-properties-panel-group parameters" role="group" aria-label={fill(m.parametersOf, { name: called.name })}>
      <p class="faint">{fill(m.parametersOf, { name: called.name })}</p>
      {open(element, called).map((it) => (
        <button key={it.name} type="button" title={fill(m.mapParameter, { name: it.name })} onClick={() => insert(it.name)}>
          <span aria-hidden="true">+</span> <code>{it.name}{it.type !== null && `: ${it.type}`}{it.default !== null && ` = ${it.default}`}</code>
          {it.required && <span class="faint">{m.required}</span>}
        </button>
      ))}
    </div>
  );
}

export const ParametersModule = { __init__: ["parametersProvider"], parametersProvider: ["type", ParametersProvider] };
