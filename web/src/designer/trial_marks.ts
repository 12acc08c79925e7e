// What a trial has done and where it waits, as marks on the diagram.

import type { TrialState } from "../api/schema";
import type { Marks } from "../parts/diagram";

/** The id of an element from the label of one of its instances, which has a number where there are several. */
const idOfLabel = (label: string): string => label.replace(/#\d+$/, "");

export function marksOf({ events, waiting }: Pick<TrialState, "events" | "waiting">): Marks {
  const marks: Marks = { passed: new Set(), waiting: new Map(), held: new Set(), failed: new Set() };
  const labels = new Set<string>();
  for (const { kind, label, element, on } of waiting) {
    const at = on === null ? element : idOfLabel(on);
    const token = on ?? label;
    if (kind === "incident") marks.failed.add(at);
    if (!labels.has(token)) marks.waiting.set(at, (marks.waiting.get(at) ?? 0) + 1);
    labels.add(token);
  }
  for (const { event, element } of events) {
    if (element !== null && (event === "entered" || event === "taken") && !marks.waiting.has(element)) marks.passed.add(element);
  }
  return marks;
}
