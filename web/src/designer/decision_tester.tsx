// A decision made from inputs as it is drawn now, with the rules that match.

import { useEffect, useMemo, useState } from "preact/hooks";
import { call } from "../api/client";
import type { DecisionAsks, DecisionResult } from "../api/schema";
import { fill } from "../format";
import { messages as m } from "../messages/designer";
import { Json } from "../parts/json";
import { Problem } from "../parts/problem";
import { type Row, valueOf, VariableRows, variablesOf } from "../parts/variables";
import { rulePlaces } from "./models";

const PAUSE_MS = 400;

interface Props {
  content: string;
  /** The decision that is looked at. */
  shown: string | undefined;
  told: (result: DecisionResult | undefined) => void;
  /** Show the table of this id. */
  open: (id: string) => void;
}

export function DecisionTester({ content, shown, told, open }: Props) {
  const [decisions, setDecisions] = useState<DecisionAsks[]>([]);
  const [chosen, setChosen] = useState<string>();
  const [inputs, setInputs] = useState<Record<string, string>>({});
  const [more, setMore] = useState<Row[]>([]);
  const [result, setResult] = useState<DecisionResult>();
  const [error, setError] = useState<Error>();
  const [asked, setAsked] = useState(false);
  const [broken, setBroken] = useState(false);
  const decision = decisions.find((it) => it.id === (chosen ?? shown)) ?? decisions.at(-1);

  useEffect(() => {
    if (shown !== undefined && decisions.some((it) => it.id === shown)) setChosen(shown);
  }, [shown]);
  const ask = async (make: boolean) => {
    const given = Object.entries(inputs).filter(([name, value]) => value !== "" && decision?.inputs.includes(name));
    const variables = { ...Object.fromEntries(given.map(([name, value]) => [name, valueOf(value)])), ...variablesOf(more) };
    return call("POST /api/v1/decision-checks", { query: { typed: true }, body: { content, decision: make ? (decision?.id ?? null) : null, variables } });
  };
  // Once asked, it is decided anew with whatever changes.
  useEffect(() => {
    let late = false;
    const timer = setTimeout(async () => {
      try {
        const answer = await ask(asked);
        if (late) return;
        setBroken(answer.findings.some((it) => it.severity === "error"));
        if (answer.decisions.length > 0) setDecisions(answer.decisions);
        setResult(answer.result ?? undefined);
        setError(undefined);
      } catch (failure) {
        if (late) return;
        setResult(undefined);
        setError(asked ? (failure as Error) : undefined);
      }
    }, PAUSE_MS);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [content, chosen, inputs, more, asked]);
  useEffect(() => told(result), [result]);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setAsked(true);
  };
  return (
    <form class="feel" onSubmit={submit}>
      <p class="faint">{m.decideHelp}</p>
      {decisions.length > 1 && (
        <label>{m.whichDecision}{" "}
          <select value={decision?.id} onChange={(event) => setChosen(event.currentTarget.value)}>
            {decisions.map((it) => <option key={it.id} value={it.id}>{it.name}</option>)}
          </select>
        </label>
      )}
      {decision !== undefined && (
        <fieldset class="rows inputs">
          <legend>{m.inputsOf}</legend>
          {decision.inputs.length === 0 && <p class="faint">{m.noInputs}</p>}
          {decision.inputs.map((name) => (
            <label key={name}>{name}<input value={inputs[name] ?? ""} onInput={(event) => setInputs({ ...inputs, [name]: event.currentTarget.value })} /></label>
          ))}
        </fieldset>
      )}
      <details><summary>{m.moreInputs}</summary><VariableRows rows={more} change={setMore} /></details>
      {broken && <p class="warning" role="status">{m.decideErrors}</p>}
      <p class="acts"><button class="primary" disabled={decision === undefined}>{m.decide}</button></p>
      <Problem error={error} />
      {result !== undefined && <Decided content={content} result={result} open={open} />}
    </form>
  );
}

function Decided({ content, result, open }: { content: string; result: DecisionResult; open: (id: string) => void }) {
  const places = useMemo(() => rulePlaces(content), [content]);
  return (
    <output>
      <h3>{m.decided}</h3>
      <p class="decided"><Json value={result.value} /></p>
      {result.matched.map(({ table, rules, outputs }) => {
        const name = places.get(table)?.table ?? table;
        return (
          <ul class="list" key={table} aria-label={name}>
            {rules.length === 0 && <li class="warning">{m.noRule}</li>}
            {rules.map((rule, position) => (
              <li key={rule}>
                <span class="fine" aria-hidden="true">✓</span>{" "}
                <button type="button" class="link" onClick={() => open(table)}>{fill(m.ruleOf, { n: places.get(rule)?.n ?? rule, table: name })}</button>
                {outputs[position] !== undefined && <> {m.gives} <Json value={outputs[position]} /></>}
              </li>
            ))}
          </ul>
        );
      })}
      {result.warnings.map((it, position) => <p key={position} class="warning">{it.message}</p>)}
    </output>
  );
}
