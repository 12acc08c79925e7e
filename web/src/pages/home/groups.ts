// Incidents that are the same thing, together.

import type { Incident } from "../../api/schema";

export interface Group {
  message: string;
  element: string;
  type: string;
  /** The newest of them. */
  latest: Incident;
  instances: Set<string>;
}

/** Those with the same message at the same element, the largest groups first. */
export function grouped(incidents: Incident[]): Group[] {
  const groups = new Map<string, Group>();
  for (const it of incidents) {
    const id = JSON.stringify([it.element, it.type, it.message]);
    const group = groups.get(id) ?? { message: it.message, element: it.element, type: it.type, latest: it, instances: new Set<string>() };
    group.instances.add(it.processInstance);
    if (it.at > group.latest.at) group.latest = it;
    groups.set(id, group);
  }
  return [...groups.values()].sort((one, other) => other.instances.size - one.instances.size || (one.latest.at < other.latest.at ? 1 : -1));
}
