// A form filled in as it is drawn now, and what the server makes of the answers.

import { useMemo, useRef, useState } from "preact/hooks";
import { call } from "../api/client";
import type { FormChecked } from "../api/schema";
import { messages as m } from "../messages/designer";
import { Form, type Submit, type Values } from "../parts/form";
import { Json } from "../parts/json";
import { Problem } from "../parts/problem";
import { emptyRow, type Row, VariableRows, variablesOf } from "../parts/variables";
import { schemaOf } from "./models";

export function FormTester({ content, close }: { content: string; close: () => void }) {
  const schema = useMemo(() => schemaOf(content), [content]);
  const [rows, setRows] = useState<Row[]>([emptyRow()]);
  const [filled, setFilled] = useState<{ turn: number; values: Values }>({ turn: 0, values: {} });
  const [entered, setEntered] = useState<Values>({});
  const [answer, setAnswer] = useState<FormChecked>();
  const [error, setError] = useState<Error>();
  const submit = useRef<Submit>(() => undefined);
  const trying = async (act: () => unknown) => {
    try {
      await act();
      setError(undefined);
    } catch (failure) {
      setError(failure as Error);
    }
  };
  const fillIn = (event: SubmitEvent) => {
    event.preventDefault();
    void trying(() => {
      setFilled({ turn: filled.turn + 1, values: variablesOf(rows) });
      setAnswer(undefined);
    });
  };
  const ask = () =>
    trying(async () => {
      // What the form itself does not accept is told at its fields; the server is asked all the same.
      const values = submit.current() ?? entered;
      setAnswer(await call("POST /api/v1/form-checks", { query: { typed: true }, body: { schema: schema ?? {}, entered: values, variables: filled.values } }));
    });
  return (
    <div class="trial">
      <div class="title">
        <h2>{m.fillIn}</h2>
        <div class="acts"><button onClick={close}>{m.toDrawing}</button></div>
      </div>
      <p class="faint">{m.fillInHelp}</p>
      <div class="pair">
        <section class="card">
          {schema !== undefined && <Form key={filled.turn} schema={schema} values={filled.values} ready={(it) => (submit.current = it)} changed={setEntered} />}
          <p class="acts"><button class="primary" onClick={() => void ask()}>{m.ask}</button></p>
        </section>
        <section class="card">
          <Problem error={error} />
          {answer !== undefined && <Answer answer={answer} />}
          <details>
            <summary>{m.filledFrom}</summary>
            <form onSubmit={fillIn}>
              <p class="faint">{m.filledFromHelp}</p>
              <VariableRows rows={rows} change={setRows} />
              <p class="acts"><button>{m.fillAnew}</button></p>
            </form>
          </details>
        </section>
      </div>
    </div>
  );
}

function Answer({ answer: { values, fields } }: { answer: FormChecked }) {
  const names = Object.keys(values);
  return (
    <div role="status">
      {fields.length > 0 ? (
        <div class="problem">{m.notAccepted}<ul>{fields.map((it) => <li key={it.path}>{it.message}</li>)}</ul></div>
      ) : <p class="fine">✓ {names.length > 0 ? m.accepted : m.nothingTaken}</p>}
      <dl class="values">
        {names.map((name) => <div key={name}><dt>{name}</dt><dd><Json value={values[name]} /></dd></div>)}
      </dl>
    </div>
  );
}
