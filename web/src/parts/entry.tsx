// What a person enters: the form where there is one, else variables in rows.

import { useEffect, useRef, useState } from "preact/hooks";
import { Form, type Schema, type Submit, type Values } from "./form";
import { type Row, VariableRows, rowsOf, variablesOf } from "./variables";

interface Props {
  /** Null where there is no form. */
  schema: Schema | null;
  /** What is there before anything is entered. */
  values: Values;
  /** Under this name what is entered outlives a reload of the page. */
  kept: string;
  ready: (submit: Submit) => void;
}

export const forget = (kept: string): void => localStorage.removeItem(kept);

function draftOf(kept: string): Values | undefined {
  try {
    return (JSON.parse(localStorage.getItem(kept) ?? "null") as Values | null) ?? undefined;
  } catch {
    return undefined;
  }
}

export function Entry({ schema, values, kept, ready }: Props) {
  const begun = useRef(draftOf(kept));
  const keep = (entered: Values) => localStorage.setItem(kept, JSON.stringify(entered));
  if (schema === null) return <Rows values={begun.current ?? values} keep={keep} ready={ready} />;
  return <Form schema={schema} values={{ ...values, ...begun.current }} ready={ready} changed={keep} />;
}

function Rows({ values, keep, ready }: { values: Values; keep: (entered: Values) => void; ready: (submit: Submit) => void }) {
  const [rows, setRows] = useState<Row[]>(() => rowsOf(values));
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
