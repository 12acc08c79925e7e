// Where the command palette may go, and what of it a typed text means.

import { fill } from "../format";
import { messages as m } from "../messages/shell";

export interface Goal {
  path: string;
  name: string;
  /** Whether it is no page of the application. */
  outside?: boolean;
}

const MOST = 12;
const INSTANCE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The goals that hold every word of the text; the id of an instance is a goal of its own. */
export function found(text: string, goals: Goal[]): Goal[] {
  const wanted = text.trim();
  if (INSTANCE_ID.test(wanted)) return [{ path: `/instances/${wanted}`, name: fill(m.paletteInstance, { id: wanted }) }];
  const words = wanted.toLowerCase().split(/\s+/);
  return goals.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word))).slice(0, MOST);
}
