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
