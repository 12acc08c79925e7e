// Variables to fill in, one row each.

import { fill } from "../format";
import { messages as m } from "../messages/common";

export interface Row {
  name: string;
  value: string;
}

export const emptyRow = (): Row => ({ name: "", value: "" });

export const rowsOf = (variables: Record<string, unknown>): Row[] =>
  Object.entries(variables).map(([name, value]) => ({ name, value: JSON.stringify(value) }));

/** The variables that the rows name; throws where a name is given twice. */
export function variablesOf(rows: Row[]): Record<string, unknown> {
  const found = new Map<string, unknown>();
  for (const { name, value } of rows) {
    if (name === "") continue;
    if (found.has(name)) throw new Error(fill(m.variablesWrong, { name }));
    found.set(name, valueOf(value));
  }
  return Object.fromEntries(found);
}

export function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function VariableRows({ rows, change }: { rows: Row[]; change: (rows: Row[]) => void }) {
  const put = (index: number, row: Partial<Row>) =>
    change(rows.map((one, position) => (position === index ? { ...one, ...row } : one)));
  return (
    <fieldset class="rows">
      <legend>{m.variables}</legend>
      <p class="faint">{m.variablesHelp}</p>
      {rows.map((row, index) => (
        <div class="row" key={index}>
          <input aria-label={m.name} placeholder={m.name} value={row.name} onInput={(event) => put(index, { name: event.currentTarget.value })} />
          <input aria-label={m.value} placeholder={m.value} value={row.value} onInput={(event) => put(index, { value: event.currentTarget.value })} />
          <button type="button" class="quiet" aria-label={m.removeVariable} onClick={() => change(rows.filter((_, at) => at !== index))}>✕</button>
        </div>
      ))}
      <button type="button" class="quiet" onClick={() => change([...rows, emptyRow()])}>+ {m.addVariable}</button>
    </fieldset>
  );
}

/** The variables that are not as they were: the others are not sent, so that nothing newer is written over. */
export function changed(rows: Row[], before: Record<string, unknown>): Record<string, unknown> {
  const same = (name: string, value: unknown) => name in before && JSON.stringify(before[name]) === JSON.stringify(value);
  return Object.fromEntries(Object.entries(variablesOf(rows)).filter(([name, value]) => !same(name, value)));
}
