// What can be done about one thing that a trial waits for.

import { useState } from "preact/hooks";
import type { TrialAct, TrialWait } from "../api/schema";
import { fill, moment } from "../format";
import { messages as m } from "../messages/trial";
import { Problem } from "../parts/problem";
import { emptyRow, type Row, VariableRows, variablesOf } from "../parts/variables";

type Kind = TrialAct["act"];
type Possible = { act: Kind; needs: ("variables" | "code" | "message")[] };

const POSSIBLE: Record<string, Possible[]> = {
  job: [
    { act: "job", needs: ["variables"] },
    { act: "fail", needs: ["message"] },
    { act: "error", needs: ["code", "variables"] },
  ],
  "user task": [{ act: "task", needs: ["variables"] }],
  call: [{ act: "call", needs: ["variables"] }],
  message: [{ act: "message", needs: ["variables"] }],
  signal: [{ act: "signal", needs: ["variables"] }],
  timer: [{ act: "elapse", needs: [] }],
  incident: [{ act: "retry", needs: ["variables"] }],
  condition: [{ act: "set", needs: ["variables"] }],
};

/** The acts that end what is awaited; for a join there is none, it waits for other tokens. */
export const actsOf = (awaited: TrialWait): Possible[] => POSSIBLE[awaited.kind] ?? [];

interface Props {
  awaited: TrialWait;
  names: Map<string, string>;
  kinds: Possible[];
  act: (next: TrialAct) => void;
}

export function Acting({ awaited, names, kinds, act }: Props) {
  const [chosen, setChosen] = useState(0);
  const [rows, setRows] = useState<Row[]>([emptyRow()]);
  const [code, setCode] = useState("");
  const [message, setMessage] = useState("");
  const [error, setError] = useState<Error>();
  const kind = kinds[chosen];
  const does = (needed: "variables" | "code" | "message") => kind?.needs.includes(needed) ?? false;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    try {
      const at = kind!.act === "set" ? "" : awaited.label;
      act({
        act: kind!.act,
        at,
        ...(does("variables") && { variables: variablesOf(rows) }),
        ...(does("code") && { code }),
        ...(does("message") && { message }),
      });
    } catch (failure) {
      setError(failure as Error);
    }
  };
  // A label is an id, with a number where there are several of one element.
  const called = (label: string) => label.replace(/^[^#]+/, (id) => names.get(id) ?? id);
  const what = fill(awaited.on === null ? m.waitsFor : m.waitsForOn, {
    kind: m.awaitedKinds[awaited.kind as keyof typeof m.awaitedKinds] ?? awaited.kind,
    label: called(awaited.label),
    on: called(awaited.on ?? ""),
  });
  return (
    <form class="acting" onSubmit={submit} aria-label={what}>
      <h3>{what}</h3>
      {awaited.due !== null && <p class="faint">{fill(m.due, { when: moment(awaited.due) })}</p>}
      {awaited.message !== null && <p class="problem">{awaited.message}</p>}
      {kinds.length > 1 && (
        <div class="choice" role="group" aria-label={m.how}>
          {kinds.map((it, position) => (
            <button key={it.act} type="button" aria-pressed={position === chosen} onClick={() => setChosen(position)}>{m.acts[it.act]}</button>
          ))}
        </div>
      )}
      {does("code") && <label>{m.errorCode} <input value={code} required onInput={(event) => setCode(event.currentTarget.value)} /></label>}
      {does("message") && <label>{m.errorMessage} <input value={message} onInput={(event) => setMessage(event.currentTarget.value)} /></label>}
      {does("variables") && <VariableRows rows={rows} change={setRows} />}
      <Problem error={error} />
      {kind !== undefined && <p class="acts"><button class="primary">{m.acts[kind.act]}</button></p>}
    </form>
  );
}
