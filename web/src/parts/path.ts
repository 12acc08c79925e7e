// What the history of an instance says of each element and flow.

import type { HistoryEvent, Wait } from "../api/schema";

export interface Passed {
  /** By element: how often it was entered, and how often it was left. */
  entered: Map<string, number>;
  /** The sequence flows that were taken. */
  flows: Set<string>;
  /** By element: how many tokens wait there. */
  waiting: Map<string, number>;
  /** The elements with an open incident. */
  failed: Set<string>;
}

const count = (counts: Map<string, number>, id: string) => counts.set(id, (counts.get(id) ?? 0) + 1);

export function passed(history: HistoryEvent[], waits: Wait[]): Passed {
  const found: Passed = { entered: new Map(), flows: new Set(), waiting: new Map(), failed: new Set() };
  for (const { event, element } of history) {
    if (element === null) continue;
    if (event === "entered") count(found.entered, element);
    if (event === "taken") found.flows.add(element);
  }
  const seen = new Set<string>();
  for (const { element, elementInstance, kind } of waits) {
    if (kind === "incident") found.failed.add(element);
    const token = `${element} ${elementInstance}`;
    if (!seen.has(token)) count(found.waiting, element);
    seen.add(token);
  }
  return found;
}
