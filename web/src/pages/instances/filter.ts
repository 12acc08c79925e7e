// The filter of the list: the query of the address, and what the server is asked by it.

import type { Operations } from "../../api/schema";

export const FIELDS = ["processId", "version", "state", "businessKey", "id", "variable", "incidentMessage", "incidentElement", "startedFrom", "startedUntil", "parentId"] as const;
export type Field = (typeof FIELDS)[number];
export type Filter = Partial<Record<Field, string>>;

export const SHOWN_STATES = ["active", "incident", "completed", "cancelled", "suspended"] as const;

type Asked = Operations["GET /api/v1/process-instances"]["query"];

/** What of an address is the filter. */
export function filterOf(query: Record<string, string>): Filter {
  const given = FIELDS.map((field) => [field, query[field] ?? ""] as const).filter(([, text]) => text !== "");
  return Object.fromEntries(given);
}

/** What the server is asked; an incident is a state to people, and beside the state to the server. */
export function askedBy(filter: Filter): Asked {
  const { state, variable, startedFrom, startedUntil, id, ...same } = filter;
  const stated: Asked = state === "incident" ? { incidents: true } : state === "active" ? { state: ["active"], incidents: false } : state ? { state: [state as "completed"] } : {};
  return {
    ...same,
    ...stated,
    ...(id && { id: id.trim().toLowerCase() }),
    ...(variable && { variable: [variable] }),
    ...(startedFrom && { startedFrom: instantOf(startedFrom) }),
    ...(startedUntil && { startedUntil: instantOf(startedUntil) }),
  };
}

/** What a field for local time holds, as an instant. */
function instantOf(local: string): string {
  const moment = new Date(local);
  return Number.isNaN(moment.getTime()) ? local : moment.toISOString();
}
