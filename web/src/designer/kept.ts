// What is not saved yet, kept in the browser: it outlives the tab and the server.

import type { Version } from "./saving";

export interface Kept extends Version {
  /** The revision that it was made from. */
  revision: number;
  /** When it was kept, ISO 8601. */
  at: string;
}

const keyOf = (draft: string) => `draft.${draft}`;

export function keep(draft: string, revision: number, mine: Version): void {
  const kept: Kept = { ...mine, revision, at: new Date().toISOString() };
  localStorage.setItem(keyOf(draft), JSON.stringify(kept));
}

export const letGo = (draft: string): void => localStorage.removeItem(keyOf(draft));

export function kept(draft: string): Kept | undefined {
  const text = localStorage.getItem(keyOf(draft));
  return text === null ? undefined : (JSON.parse(text) as Kept);
}
