// What is different between two files of a kind.

import { diff } from "bpmn-js-differ";
import { BpmnModdle } from "bpmn-moddle";
import { fill } from "../format";
import { messages as m } from "../messages/designer";
import type { Kind } from "./checking";
import { componentsOf, schemaOf } from "./models";

export type Change = keyof typeof m.changes;
export interface Difference {
  id: string;
  name: string;
  change: Change;
  /** What of it has changed, with both values where they are short. */
  detail: string;
}

const LONGEST = 40;

export async function differences(kind: Kind, before: string, after: string): Promise<Difference[]> {
  if (kind === "process") return ofProcesses(before, after);
  const read = kind === "decision" ? ofDecisions : ofForm;
  return compared(read(before), read(after));
}

/** A part of a file, with all that is said of it and not of the parts within it. */
interface Part {
  name: string;
  says: Map<string, string>;
}

export function compared(before: Map<string, Part>, after: Map<string, Part>): Difference[] {
  const found: Difference[] = [];
  for (const [id, { name, says }] of after) {
    const old = before.get(id)?.says;
    if (old === undefined) {
      found.push({ id, name, change: "added", detail: "" });
      continue;
    }
    const parts = [...new Set([...old.keys(), ...says.keys()])].filter((it) => old.get(it) !== says.get(it));
    const detail = parts.map((it) => `${it}: ${short(old.get(it))} → ${short(says.get(it))}`).join("; ");
    if (parts.length > 0) found.push({ id, name, change: "changed", detail });
  }
  for (const [id, { name }] of before) if (!after.has(id)) found.push({ id, name, change: "removed", detail: "" });
  return found;
}

const DECIDING = new Set(["decision", "inputData", "businessKnowledgeModel", "knowledgeSource", "decisionService", "decisionTable", "input", "output", "rule"]);

function ofDecisions(xml: string): Map<string, Part> {
  const file = new DOMParser().parseFromString(xml, "application/xml");
  const parts = [...file.querySelectorAll("[id]")].filter((it) => DECIDING.has(it.localName));
  return new Map(parts.map((it) => [it.id, { name: nameOf(it), says: new Map(saidIn(it, "")) }]));
}

function nameOf(part: Element): string {
  const own = part.getAttribute("name") || part.getAttribute("label");
  const around = part.localName === "decisionTable" ? part.parentElement : part.parentElement?.parentElement;
  const beside = [...(part.parentElement?.children ?? [])].filter((it) => it.localName === part.localName);
  if (part.localName === "rule") return fill(m.ruleOf, { n: beside.indexOf(part) + 1, table: around === null || around === undefined ? "" : nameOf(around) });
  if (own) return own;
  if (part.localName === "decisionTable" && around) return nameOf(around);
  return part.textContent?.trim() || part.id;
}

function* saidIn(part: Element, path: string): Generator<[string, string]> {
  for (const { name, value } of part.attributes) if (name !== "id" && !name.startsWith("xmlns")) yield [`${path}${name}`, value];
  const seen = new Map<string, number>();
  for (const child of part.children) {
    const n = (seen.get(child.localName) ?? 0) + 1;
    seen.set(child.localName, n);
    if (DECIDING.has(child.localName)) continue;
    if (child.localName === "text") yield [path.replace(/\.$/, "") || "text", child.textContent?.trim() ?? ""];
    else yield* saidIn(child, `${path}${child.localName} ${n}.`);
  }
}

function ofForm(text: string): Map<string, Part> {
  const schema = schemaOf(text);
  if (schema === undefined) return new Map();
  return new Map(
    [{ ...schema, id: schema.id ?? "", type: "" }, ...componentsOf(schema)].map(({ components: _, ...it }) => {
      const says = Object.entries(it).filter(([name]) => name !== "layout" && name !== "exporter").map(([name, value]): [string, string] => [name, typeof value === "string" ? value : JSON.stringify(value)]);
      return [it.id, { name: String(it["label"] || it["key"] || it.id), says: new Map(says) }];
    }),
  );
}

async function ofProcesses(before: string, after: string): Promise<Difference[]> {
  const moddle = new BpmnModdle();
  const [one, other] = await Promise.all([moddle.fromXML(before), moddle.fromXML(after)]);
  const found = diff(one.rootElement, other.rootElement);
  const told = (change: Change, models: Record<string, { id: string; name?: string; $type: string }>) =>
    Object.values(models).map((it) => ({ id: it.id, name: it.name || it.id, change, detail: "" }));
  const changed = Object.values(found._changed).map(({ model, attrs }) => ({
    id: model.id,
    name: model.name || model.id,
    change: "changed" as const,
    detail: Object.entries(attrs ?? {}).map(([name, values]) => `${name}: ${inOrder(name, values).map(short).join(" → ")}`).join("; "),
  }));
  const known = new Set(changed.map((it) => it.id));
  const moved = told("moved", found._layoutChanged).filter((it) => !known.has(it.id));
  return [...told("added", found._added), ...told("removed", found._removed), ...changed, ...moved];
}

/** The value before and after: the library has them the other way round, but for items of a list. */
const inOrder = (name: string, { oldValue, newValue }: { oldValue: unknown; newValue: unknown }): unknown[] =>
  name.endsWith("]") ? [oldValue, newValue] : [newValue, oldValue];

function short(value: unknown): string {
  if (value === undefined || value === null) return "–";
  if (typeof value === "object") return "…";
  const text = String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
