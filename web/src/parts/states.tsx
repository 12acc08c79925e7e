// How the state of an instance is shown: by a word and a sign, the colour only beside them.

import type { ProcessInstance } from "../api/schema";
import { messages as m } from "../messages/common";

export type Shown = keyof typeof m.states;
const SIGNS: Record<Shown, string> = { active: "▶", incident: "!", completed: "✓", cancelled: "✕", suspended: "❙❙" };

export const shownState = (it: Pick<ProcessInstance, "state" | "incidents">): Shown =>
  it.state === "active" && it.incidents > 0 ? "incident" : it.state;

export function State({ of }: { of: Pick<ProcessInstance, "state" | "incidents"> }) {
  const state = shownState(of);
  return <span class={`state ${state}`}><span aria-hidden="true">{SIGNS[state]}</span> {m.states[state]}</span>;
}
