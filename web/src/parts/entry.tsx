// What a person enters: the form where there is one, else variables in rows.

import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../api/client";
import { Form, type Schema, type Submit, type Values } from "./form";
import { emptyRow, type Row, VariableRows, rowsOf, variablesOf } from "./variables";

interface Props {
  /** Null where there is no form. */
  schema: Schema | null;
  /** What is there before anything is entered. */
  values: Values;
  /** Under this name what is entered outlives a reload of the page. */
  kept: string;
  /** The saved revision that this goes on from. */
  base?: number;
  ready: (submit: Submit) => void;
  /** Told of what is entered as it is entered. */
  entered?: (values: Values) => void;
  /** What the server says against what was sent, to be shown at the fields at fault. */
  refused?: Error | undefined;
}

/** What was entered here and is saved nowhere else. */
export interface Kept {
  base: number;
  values: Values;
}

const NONE: never[] = [];

export const forget = (kept: string): void => localStorage.removeItem(kept);

export function keptAs(kept: string): Kept | undefined {
  try {
    const found = JSON.parse(localStorage.getItem(kept) ?? "null") as Kept | null;
    return found === null || typeof found.values !== "object" ? undefined : found;
  } catch {
    return undefined;
  }
}

export function Entry({ schema, values, kept, base = 0, ready, entered, refused }: Props) {
  const begun = useRef(keptAs(kept)?.values);
  const told = (now: Values) => {
    localStorage.setItem(kept, JSON.stringify({ base, values: now }));
    entered?.(now);
  };
  if (schema === null) return <Rows values={begun.current ?? values} keep={told} ready={ready} />;
  return <Form schema={schema} values={{ ...values, ...begun.current }} ready={ready} changed={told} refused={refused instanceof Refused ? refused.fields : NONE} />;
}

function Rows({ values, keep, ready }: { values: Values; keep: (entered: Values) => void; ready: (submit: Submit) => void }) {
  const [rows, setRows] = useState<Row[]>(() => (Object.keys(values).length === 0 ? [emptyRow()] : rowsOf(values)));
  useEffect(() => ready(() => variablesOf(rows)), [rows]);
  const change = (changed: Row[]) => {
    setRows(changed);
    // A name that stands there twice for a moment is no draft yet.
    try {
      keep(variablesOf(changed));
    } catch {
      return;
    }
  };
  return <VariableRows rows={rows} change={change} />;
}
