// The Python functions that tasks may name, and one of them tried.

import { useState } from "preact/hooks";
import { call } from "../../api/client";
import { useLive } from "../../api/live";
import type { Function as PythonFunction, Tried } from "../../api/schema";
import { duration, fill } from "../../format";
import { messages as m } from "../../messages/settings";
import { Act } from "../../parts/act";
import { Json } from "../../parts/json";
import { Problem } from "../../parts/problem";
import { type Row, VariableRows, variablesOf } from "../../parts/variables";

export function Functions() {
  const { value, error, again } = useLive(() => call("GET /api/v1/functions"), "functions", () => false);
  const [trying, setTrying] = useState<PythonFunction>();
  return (
    <>
      <Problem error={error} again={again} />
      {value?.items.length === 0 && <p class="faint">{m.noFunctions}</p>}
      {value?.items.map((it) => (
        <section class="card" key={it.name}>
          <div class="head">
            <h2><code>{signature(it)}</code></h2>
            <button onClick={() => setTrying(it)}>{fill(m.tryTitle, { name: it.name })}</button>
          </div>
          {it.doc !== null && <p class="doc">{it.doc}</p>}
          <p class="faint">
            {fill(m.where, { file: it.file, line: it.line })}
            {it.timeout !== null && <> · {fill(m.timeout, { time: duration(it.timeout * 1000) })}</>}
            {it.takesAll && <> · {m.takesAll}</>}
          </p>
        </section>
      ))}
      {trying !== undefined && <Try function={trying} close={() => setTrying(undefined)} />}
    </>
  );
}

function signature({ name, parameters, returns }: PythonFunction): string {
  const shown = parameters.map((it) => `${it.name}${it.type === null ? "" : `: ${it.type}`}${it.default === null ? "" : ` = ${it.default}`}`);
  return `${name}(${shown.join(", ")})${returns === null ? "" : ` → ${returns}`}`;
}

function Try({ function: it, close }: { function: PythonFunction; close: () => void }) {
  const [rows, setRows] = useState<Row[]>(() => it.parameters.filter((one) => one.required).map(({ name }) => ({ name, value: "" })));
  const [sure, setSure] = useState(false);
  const [tried, setTried] = useState<Tried>();
  const [turn, setTurn] = useState(0);
  const given = () => ({ path: { function: it.name }, body: { variables: variablesOf(rows) } });
  const done = (reply: Tried) => {
    setTried(reply);
    setTurn(turn + 1);
  };
  return (
    <Act key={turn} title={fill(m.tryTitle, { name: it.name })} yes={m.tryIt} operation="POST /api/v1/functions/{function}/try" given={given} done={done} close={close} disabled={!sure}>
      <p>{m.tryHelp}</p>
      <VariableRows rows={rows} change={setRows} />
      <p><label class="tick"><input type="checkbox" checked={sure} onChange={() => setSure(!sure)} />{m.trySure}</label></p>
      {tried !== undefined && (
        <div role="status">
          <h3 class={tried.outcome === "done" ? undefined : "problem"}>{fill(m.outcomes[tried.outcome], { code: tried.code ?? "" })}</h3>
          {tried.outcome === "failed" ? <p>{tried.message}</p> : <Json value={tried.variables} />}
          {tried.detail != null && <pre tabIndex={0}>{tried.detail}</pre>}
        </div>
      )}
    </Act>
  );
}
