// What the history of an instance says of any moment of it: where its tokens were, and what its variables.

import type { HistoryEvent } from "../../api/schema";
import type { Marks } from "../../parts/diagram";

export interface ScopeShown {
  /** The key of the scope, or of the element instance whose own variables they are. */
  key: number;
  /** None for the process itself. */
  element: string | undefined;
  /** Whether they belong to an element instance, and not to a scope. */
  own: boolean;
  variables: Record<string, unknown>;
}

export interface Moment {
  marks: Marks;
  /** By element: how often it was entered. */
  entered: Map<string, number>;
  scopes: ScopeShown[];
}

interface Token {
  element: string;
  /** Whether it holds a scope, in which others are the tokens. */
  holds: boolean;
}

const variablesOf = (event: HistoryEvent): Record<string, unknown> =>
  (event.data?.["variables"] as Record<string, unknown> | undefined) ?? {};

const count = (counts: Map<string, number>, id: string) => counts.set(id, (counts.get(id) ?? 0) + 1);

/** The instance after this many of its events. */
export function momentAfter(history: HistoryEvent[], events: number): Moment {
  const tokens = new Map<number, Token>();
  const incidents = new Map<string, string>();
  const scopes = new Map<string, ScopeShown>([["0", { key: 0, element: undefined, own: false, variables: {} }]]);
  const entered = new Map<string, number>();
  const left = new Set<string>();
  const flows = new Set<string>();
  const scope = (key: number, own: boolean, element?: string): ScopeShown => {
    const id = own ? `own ${key}` : String(key);
    const found = scopes.get(id) ?? { key, element, own, variables: {} };
    scopes.set(id, found);
    return found;
  };

  for (const event of history.slice(0, events)) {
    const { element, elementInstance: key } = event;
    switch (event.event) {
      case "instance_started":
        Object.assign(scope(0, false).variables, variablesOf(event));
        break;
      case "entered":
        tokens.set(key!, { element: element!, holds: false });
        count(entered, element!);
        break;
      case "completed":
      case "cancelled":
        tokens.delete(key!);
        scopes.delete(`own ${key}`);
        scopes.delete(String(key));
        if (event.event === "completed" && element !== null) left.add(element);
        for (const [incident, at] of incidents) if (at === `${key}`) incidents.delete(incident);
        break;
      case "taken":
        flows.add(element!);
        break;
      case "opened": {
        const token = tokens.get(key!);
        if (token !== undefined) token.holds = true;
        Object.assign(scope(key!, false, element ?? token?.element).variables, variablesOf(event));
        break;
      }
      case "closed":
        scopes.delete(String(key));
        break;
      case "variables":
        if (key === null) Object.assign(scope(event.scope ?? 0, false).variables, variablesOf(event));
        else Object.assign(scope(key, true, element ?? tokens.get(key)?.element).variables, variablesOf(event));
        break;
      case "mapped": {
        const token = tokens.get(key!);
        if (token !== undefined && element !== null) token.element = element;
        break;
      }
      case "incident":
        incidents.set(String(event.data?.["key"]), `${key}`);
        break;
      case "resolved":
        incidents.delete(String(event.data?.["key"]));
        break;
      case "instance_completed":
      case "instance_cancelled":
        tokens.clear();
        incidents.clear();
        break;
    }
  }
  const waiting = new Map<string, number>();
  const held = new Set<string>();
  for (const { element, holds } of tokens.values()) {
    if (holds) held.add(element);
    else count(waiting, element);
  }
  const failed = new Set<string>();
  for (const key of incidents.values()) {
    const token = tokens.get(Number(key));
    if (token !== undefined) failed.add(token.element);
  }
  const passed = new Set([...flows, ...left].filter((id) => !waiting.has(id)));
  return { marks: { passed, waiting, held, failed }, entered, scopes: [...scopes.values()] };
}

export interface Setting {
  at: string;
  actor: string;
  value: unknown;
}

/** The values that a variable of a scope has had, the latest first. */
export function valuesOf(history: HistoryEvent[], shown: ScopeShown, name: string): Setting[] {
  return history
    .filter((event) => {
      if (!(name in variablesOf(event))) return false;
      if (event.event === "instance_started") return shown.key === 0;
      if (event.event === "opened") return !shown.own && event.elementInstance === shown.key;
      if (event.event !== "variables") return false;
      return shown.own ? event.elementInstance === shown.key : event.elementInstance === null && (event.scope ?? 0) === shown.key;
    })
    .map((event) => ({ at: event.at, actor: event.actor, value: variablesOf(event)[name] }))
    .reverse();
}
