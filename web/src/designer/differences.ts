// What is different between two models.

import { diff } from "bpmn-js-differ";
import { BpmnModdle } from "bpmn-moddle";
import type { messages } from "../messages/designer";

export type Change = keyof typeof messages.changes;
export interface Difference {
  id: string;
  name: string;
  change: Change;
  /** What of it has changed, with both values where they are short. */
  detail: string;
}

const LONGEST = 40;

export async function differences(before: string, after: string): Promise<Difference[]> {
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
