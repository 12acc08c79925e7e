// An expression tried with values, evaluated by the server as it would be in a process.

import { useState } from "preact/hooks";
import { call } from "../api/client";
import type { Evaluated } from "../api/schema";
import { messages as m } from "../messages/designer";
import { Problem } from "../parts/problem";
import { emptyRow, type Row, VariableRows, variablesOf } from "../parts/variables";

export function FeelTester() {
  const [expression, setExpression] = useState("");
  const [rows, setRows] = useState<Row[]>([emptyRow()]);
  const [result, setResult] = useState<Evaluated>();
  const [error, setError] = useState<Error>();
  const evaluate = async (event: SubmitEvent) => {
    event.preventDefault();
    setResult(undefined);
    setError(undefined);
    try {
      const body = { expression: expression.trim().replace(/^=/, ""), context: variablesOf(rows) };
      setResult(await call("POST /api/v1/feel/evaluate", { query: { typed: true }, body }));
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <form class="feel" onSubmit={evaluate}>
      <p class="faint">{m.feelHelp}</p>
      <label>
        {m.expression}
        <textarea rows={4} spellcheck={false} required value={expression} onInput={(event) => setExpression(event.currentTarget.value)} />
      </label>
      <VariableRows rows={rows} change={setRows} />
      <p class="acts"><button class="primary">{m.evaluate}</button></p>
      <Problem error={error} />
      {result !== undefined && (
        <output>
          <pre>{JSON.stringify(result.value, null, 2)}</pre>
          <p class="faint">{result.type}</p>
          {result.warnings.map((it) => <p key={it.position} class="warning">{it.message}</p>)}
        </output>
      )}
    </form>
  );
}
