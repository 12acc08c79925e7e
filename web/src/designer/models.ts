// Models as text: a new one, what one is called, and under which id it runs.

const SAFE = /[^\p{L}\p{N}_-]+/gu;

/** An id that an XML file may have, from a name that a person gave. */
export function idOf(name: string): string {
  const id = name.trim().toLowerCase().replace(SAFE, "-").replace(/^-+|-+$/g, "");
  return /^[\p{L}_]/u.test(id) ? id : `process-${id || "1"}`;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]!);

/** A model with a start event and nothing else. */
export function newModel(name: string): string {
  const id = idOf(name);
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions-${id}" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="${id}" name="${escaped(name.trim())}" isExecutable="true">
    <bpmn:startEvent id="start" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram">
    <bpmndi:BPMNPlane id="plane" bpmnElement="${id}">
      <bpmndi:BPMNShape id="start_di" bpmnElement="start">
        <dc:Bounds x="180" y="160" width="36" height="36" />
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
`;
}

/** A file with one decision, whose table has an input, an output and no rule yet. */
function newDecision(name: string): string {
  const id = idOf(name);
  const text = escaped(name.trim());
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="definitions-${id}" name="${text}" namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="${id}" name="${text}">
    <decisionTable id="table-${id}">
      <input id="input-1"><inputExpression id="expression-1" typeRef="string"><text>input</text></inputExpression></input>
      <output id="output-1" name="result" typeRef="string" />
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram>
      <dmndi:DMNShape dmnElementRef="${id}"><dc:Bounds height="80" width="180" x="160" y="100" /></dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
`;
}

const SCHEMA_VERSION = 19;

const newForm = (name: string): string =>
  JSON.stringify({ type: "default", id: idOf(name), components: [], schemaVersion: SCHEMA_VERSION }, null, 2);

const NEW = { process: newModel, decision: newDecision, form: newForm };

/** What a draft of a kind begins with. */
export const newFile = (kind: keyof typeof NEW, name: string): string => NEW[kind](name);

/** The id under which a file is deployed: that of its first process or decision, or of its form. */
export function deployedId(kind: keyof typeof NEW, content: string): string | undefined {
  if (kind === "process") return processesIn(content)[0]?.id;
  if (kind === "decision") return new DOMParser().parseFromString(content, "application/xml").getElementsByTagNameNS("*", "decision")[0]?.id;
  return schemaOf(content)?.id;
}

/** By the ids of tables and rules, the decision in which each is, and for a rule its number. */
export function rulePlaces(xml: string): Map<string | number, { table: string; n: number }> {
  const file = new DOMParser().parseFromString(xml, "application/xml");
  const places = new Map<string | number, { table: string; n: number }>();
  for (const table of file.getElementsByTagNameNS("*", "decisionTable")) {
    const around = table.parentElement;
    const name = around?.getAttribute("name") || around?.id || table.id;
    places.set(table.id, { table: name, n: 0 });
    [...table.children].filter((it) => it.localName === "rule").forEach((it, at) => it.id !== "" && places.set(it.id, { table: name, n: at + 1 }));
  }
  return places;
}

export interface Schema {
  id?: string;
  components?: Component[];
  [name: string]: unknown;
}
export interface Component {
  id: string;
  key?: string;
  label?: string;
  type: string;
  components?: Component[];
  [name: string]: unknown;
}

/** The form in a text, nothing where it is none. */
export function schemaOf(content: string): Schema | undefined {
  try {
    const schema: unknown = JSON.parse(content);
    return typeof schema === "object" && schema !== null && !Array.isArray(schema) ? (schema as Schema) : undefined;
  } catch {
    return undefined;
  }
}

/** The components of a form, those within others too. */
export const componentsOf = (schema: Schema | Component): Component[] =>
  (schema.components ?? []).flatMap((it) => [it, ...componentsOf(it)]);

export interface Runnable {
  id: string;
  name: string;
}

/** The executable processes of a model, none where the text is no XML. */
export function processesIn(xml: string): Runnable[] {
  const model = new DOMParser().parseFromString(xml, "application/xml");
  if (model.getElementsByTagName("parsererror").length > 0) return [];
  return [...model.getElementsByTagNameNS("*", "process")]
    .filter((it) => it.getAttribute("isExecutable") === "true")
    .map((it) => ({ id: it.id, name: it.getAttribute("name") || it.id }));
}

/** What each element of a model is called, by its id; those without a name are not there. */
export function namesIn(xml: string): Map<string, string> {
  const model = new DOMParser().parseFromString(xml, "application/xml");
  return new Map([...model.querySelectorAll("[id][name]")].map((it) => [it.id, it.getAttribute("name")!]));
}

/** What a file that comes in is: by its name, else by what is in it. */
export function kindOf(file: string, content: string): "process" | "decision" | "form" | undefined {
  const ending = file.slice(file.lastIndexOf(".") + 1).toLowerCase();
  if (ending === "dmn" || /<(\w+:)?decision\b/.test(content)) return "decision";
  if (ending === "form" || (ending === "json" && content.includes('"components"'))) return "form";
  return ending === "bpmn" || /<(\w+:)?definitions\b/.test(content) ? "process" : undefined;
}
