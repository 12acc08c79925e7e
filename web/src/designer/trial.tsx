// A draft that runs in virtual time, with whoever tries it as everybody else: worker, person, sender, clock.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { call } from "../api/client";
import type { TrialAct, TrialState } from "../api/schema";
import { moment } from "../format";
import { messages as m } from "../messages/trial";
import { Diagram } from "../parts/diagram";
import { Problem } from "../parts/problem";
import { emptyRow, type Row, rowsOf, VariableRows, variablesOf } from "../parts/variables";
import { namesIn, processesIn } from "./models";
import { Acting, actsOf } from "./trial_acts";
import { marksOf } from "./trial_marks";

interface Props {
  xml: string;
  close: () => void;
}

export function Trial({ xml, close }: Props) {
  const processes = processesIn(xml);
  const [process, setProcess] = useState(processes[0]?.id);
  const [variables, setVariables] = useState<Record<string, unknown>>();
  const [acts, setActs] = useState<TrialAct[]>([]);
  const [undone, setUndone] = useState<TrialAct[]>([]);
  const [state, setState] = useState<TrialState>();
  const [error, setError] = useState<Error>();
  const begun = useRef(new Date().toISOString());

  useEffect(() => {
    if (variables === undefined) return;
    let late = false;
    const body = { content: xml, processId: process ?? null, variables, acts, now: begun.current };
    call("POST /api/v1/trials", { body }).then(
      (reached) => {
        if (late) return;
        setState(reached);
        setError(undefined);
      },
      (failure: Error) => !late && setError(failure),
    );
    return () => {
      late = true;
    };
  }, [xml, process, variables, acts]);

  const act = (next: TrialAct) => {
    setActs([...acts, next]);
    setUndone([]);
  };
  const back = () => {
    setUndone([acts.at(-1)!, ...undone]);
    setActs(acts.slice(0, -1));
  };
  const forth = () => {
    setActs([...acts, undone[0]!]);
    setUndone(undone.slice(1));
  };
  const restart = () => {
    setActs([]);
    setUndone([]);
    setState(undefined);
    setVariables(undefined);
    begun.current = new Date().toISOString();
  };
  return (
    <div class="trial">
      <div class="title">
        <h2>{m.tryIt}</h2>
        {state !== undefined && (
          <>
            <span class={`state ${state.state === "completed" ? "completed" : ""}`} role="status">{m.trialStates[state.state as keyof typeof m.trialStates] ?? state.state}</span>
            <time class="faint" dateTime={state.now}>{moment(state.now)}</time>
          </>
        )}
        <div class="acts">
          <button disabled={acts.length === 0} onClick={back}>{m.back}</button>
          <button disabled={undone.length === 0} onClick={forth}>{m.forth}</button>
          <button onClick={restart}>{m.anew}</button>
          <button onClick={close}>{m.toDrawing}</button>
        </div>
      </div>
      <Problem error={error} />
      {variables === undefined
        ? <Begin processes={processes} process={process} setProcess={setProcess} begin={setVariables} />
        : state !== undefined && <Reached xml={xml} state={state} acts={acts.length} act={act} />}
    </div>
  );
}

interface BeginProps {
  processes: { id: string; name: string }[];
  process: string | undefined;
  setProcess: (id: string) => void;
  begin: (variables: Record<string, unknown>) => void;
}

function Begin({ processes, process, setProcess, begin }: BeginProps) {
  const [rows, setRows] = useState<Row[]>([emptyRow()]);
  const [instance, setInstance] = useState("");
  const [error, setError] = useState<Error>();
  const trying = (act: () => void | Promise<void>) => async (event: Event) => {
    event.preventDefault();
    try {
      await act();
      setError(undefined);
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <section class="card">
      <p>{m.trialHelp}</p>
      <form onSubmit={trying(() => begin(variablesOf(rows)))}>
        {processes.length > 1 && (
          <label>{m.workflow}{" "}
            <select value={process} onChange={(event) => setProcess(event.currentTarget.value)}>
              {processes.map((it) => <option key={it.id} value={it.id}>{it.name}</option>)}
            </select>
          </label>
        )}
        <VariableRows rows={rows} change={setRows} />
        <p class="acts">
          <button class="primary">{m.begin}</button>
        </p>
      </form>
      <form class="acts" onSubmit={trying(async () => setRows(rowsOf(await startOf(instance.trim()))))}>
        <label>{m.pastInstance} <input value={instance} required onInput={(event) => setInstance(event.currentTarget.value)} /></label>
        <button>{m.takeItsData}</button>
      </form>
      <Problem error={error} />
    </section>
  );
}

/** The variables with which an instance was started. */
async function startOf(instance: string): Promise<Record<string, unknown>> {
  const path = { instance };
  const { items } = await call("GET /api/v1/process-instances/{instance}/history", { path, query: { limit: 1, typed: true } });
  return (items[0]?.data?.["variables"] ?? {}) as Record<string, unknown>;
}

interface ReachedProps {
  xml: string;
  state: TrialState;
  acts: number;
  act: (next: TrialAct) => void;
}

function Reached({ xml, state, acts, act }: ReachedProps) {
  const [chosen, choose] = useState<string>();
  const variables = Object.keys(state.variables).sort();
  const names = useMemo(() => namesIn(xml), [xml]);
  const marks = useMemo(() => marksOf(state), [state]);
  return (
    <>
      <section class="card" aria-label={m.diagram}>
        <Diagram xml={xml} marks={marks} chosen={chosen} choose={choose} drawn={() => undefined} />
      </section>
      <div class="pair">
        <section class="card">
          <h2>{m.nextActs}</h2>
          {state.waiting.length === 0 && <p class="fine">{state.state === "completed" ? `✓ ${m.trialEnded}` : m.nothingAwaited}</p>}
          {state.waiting.map((it, position) => <Acting key={`${acts} ${position}`} awaited={it} names={names} kinds={actsOf(it)} act={act} />)}
          {state.waiting.length > 0 && <Time act={act} />}
        </section>
        <section class="card">
          <h2>{m.variables}</h2>
          {variables.length === 0 && <p class="faint">{m.noVariables}</p>}
          <dl class="values">
            {variables.map((name) => <div key={name}><dt>{name}</dt><dd><code>{JSON.stringify(state.variables[name])}</code></dd></div>)}
          </dl>
          <h2>{m.happened}</h2>
          <ol class="list lines" tabIndex={0} aria-label={m.happened}>
            {state.lines.map((it, position) => <li key={position} class={it.turn === acts ? "new" : ""}>{it.text.trim()}</li>)}
          </ol>
        </section>
      </div>
    </>
  );
}

function Time({ act }: { act: (next: TrialAct) => void }) {
  const [duration, setDuration] = useState("PT1H");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    act({ act: "advance", duration });
  };
  return (
    <form class="acts" onSubmit={submit}>
      <label>{m.letPass} <input value={duration} required onInput={(event) => setDuration(event.currentTarget.value)} /></label>
      <button>{m.passes}</button>
    </form>
  );
}
