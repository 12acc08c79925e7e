// What happened, in words.

import type { HistoryEvent } from "../../api/schema";
import { fill, moment } from "../../format";
import { messages as m } from "../../messages/instance";

const shortened = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
};

/** Who did it, in words. */
export function actorOf(actor: string): string {
  if (actor.startsWith("function:")) return fill(m.actors.function, { name: actor.slice("function:".length) });
  const known: Record<string, string> = m.actors;
  return known[actor] ?? fill(m.actors.user, { id: actor });
}

/** What an event says; `nameOf` gives the name of an element. */
export function wordsOf({ event, element, data = {} }: HistoryEvent, nameOf: (id: string) => string): string {
  const texts: Record<string, string> = m.happened;
  const variables = Object.keys((data["variables"] as object | undefined) ?? {}).join(", ");
  const due = data["due"] ?? data["dueAt"];
  const text = texts[event] ?? event.replaceAll("_", " ");
  const values: Record<string, string> = {
    element: element === null ? m.theInstance : nameOf(element),
    variables,
    due: typeof due === "string" ? moment(due) : "",
  };
  for (const [name, value] of Object.entries(data)) values[name] ??= shortened(value);
  const filled = fill(text, values);
  // A place that nobody fills says nothing.
  return filled.replace(/\s*\{\w+\}/g, "");
}

/** The events that a person asks for; the others say how tokens move between. */
const SELDOM = new Set(["taken", "joined", "gathered", "opened", "closed", "armed", "disarmed", "compensable", "condition_false", "mapped", "activated"]);

export const toldOften = (event: HistoryEvent): boolean =>
  !SELDOM.has(event.event) && !(event.event === "variables" && Object.keys((event.data?.["variables"] as object | undefined) ?? {}).length === 0);
