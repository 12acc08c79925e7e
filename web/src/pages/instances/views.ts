// What the browser keeps of the list: the columns, and views by name.

import { messages as m } from "../../messages/instances";

export type Column = keyof typeof m.columnNames | `var:${string}`;
export const COLUMNS = Object.keys(m.columnNames) as Column[];
const DEFAULT: Column[] = ["state", "workflow", "businessKey", "started", "took", "id"];

export interface View {
  name: string;
  /** The query of the address. */
  search: string;
  columns: Column[];
}

const COLUMNS_KEY = "instances columns";
const VIEWS_KEY = "instances views";

/** What is kept under a name; what cannot be read is as if it were not there. */
function kept<T>(key: string, fallback: T): T {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? "null") as T | null) ?? fallback;
  } catch {
    return fallback;
  }
}

export const keptColumns = (): Column[] => kept(COLUMNS_KEY, DEFAULT);
export const keepColumns = (columns: Column[]): void => localStorage.setItem(COLUMNS_KEY, JSON.stringify(columns));
export const keptViews = (): View[] => kept<View[]>(VIEWS_KEY, []);
export const keepViews = (views: View[]): void => localStorage.setItem(VIEWS_KEY, JSON.stringify(views));

/** A column taken in or left out; those that are known keep their order. */
export function toggled(columns: Column[], column: Column): Column[] {
  if (columns.includes(column)) return columns.filter((it) => it !== column);
  const order = (it: Column) => (COLUMNS.includes(it) ? COLUMNS.indexOf(it) : COLUMNS.length);
  return [...columns, column].sort((one, other) => order(one) - order(other));
}
