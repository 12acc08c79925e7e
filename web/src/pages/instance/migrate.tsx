// Another version for an instance: what is in the way is said before anything happens.

import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/client";
import type { Definition, Finding, ProcessInstance } from "../../api/schema";
import { fill } from "../../format";
import { messages as m } from "../../messages/instance";
import { Act } from "../../parts/act";
import { Diagram, type Drawn, type Marks } from "../../parts/diagram";
import { Problem } from "../../parts/problem";

interface Props {
  instance: ProcessInstance;
  marks: Marks;
  drawn: Drawn[];
  done: () => void;
  close: () => void;
}

export function Migrate({ instance, marks, drawn, done, close }: Props) {
  const [versions, setVersions] = useState<Definition[]>();
  const [target, setTarget] = useState("");
  const [xml, setXml] = useState<string>();
  const [there, setThere] = useState<Drawn[]>([]);
  const [mapping, setMapping] = useState<Record<string, string>>({});
  const [findings, setFindings] = useState<Finding[]>();
  const [error, setError] = useState<Error>();
  const path = { instance: instance.id };
  const body = { definitionKey: target, mapping };
  useEffect(() => {
    call("GET /api/v1/definitions", { query: { kind: "process", id: instance.processId, limit: 1000 } }).then(
      ({ items }) => setVersions(items.filter((it) => it.key !== instance.definitionKey)),
      setError,
    );
  }, []);
  useEffect(() => {
    if (target === "") return;
    setXml(undefined);
    setMapping({});
    call("GET /api/v1/definitions/{key}/xml", { path: { key: target } }).then(setXml, setError);
  }, [target]);
  useEffect(() => {
    if (target === "") return;
    let late = false;
    call("POST /api/v1/process-instances/{instance}/migrate", { path, body: { ...body, dryRun: true } }).then(
      (reply) => {
        if (late) return;
        setFindings(reply.findings);
        setError(undefined);
      },
      (failure: Error) => !late && setError(failure),
    );
    return () => {
      late = true;
    };
  }, [target, mapping]);
  const tokens = [...new Set([...marks.waiting.keys(), ...marks.held])];
  const goals: Marks = { passed: new Set(), held: new Set(), failed: new Set(), waiting: new Map(tokens.map((id) => [mapping[id] ?? id, marks.waiting.get(id) ?? 1])) };
  const nameOf = (id: string) => drawn.find((it) => it.id === id)?.name ?? id;
  return (
    <Act title={m.migrateTitle} yes={m.migrate} operation="POST /api/v1/process-instances/{instance}/migrate" given={() => ({ path, body })} done={done} close={close} disabled={target === "" || findings === undefined || findings.length > 0} kind="wide">
      {versions?.length === 0 && <p class="faint">{m.noOtherVersion}</p>}
      <label>{m.target}
        <select value={target} onChange={(event) => setTarget(event.currentTarget.value)}>
          <option value="" />
          {versions?.map((it) => <option key={it.key} value={it.key}>{it.version}</option>)}
        </select>
      </label>
      <Problem error={error} />
      {xml !== undefined && (
        <>
          <Diagram xml={xml} marks={goals} chosen={undefined} choose={() => undefined} drawn={setThere} />
          <h3>{m.mapping}</h3>
          <div class="filter">
            {tokens.map((id) => (
              <label key={id}>{nameOf(id)}
                <select aria-label={fill(m.mapsTo, { element: nameOf(id) })} value={mapping[id] ?? ""} onChange={(event) => setMapping({ ...without(mapping, id), ...(event.currentTarget.value && { [id]: event.currentTarget.value }) })}>
                  <option value="">{m.sameElement}</option>
                  {there.map((it) => <option key={it.id} value={it.id}>{it.name}</option>)}
                </select>
              </label>
            ))}
          </div>
          {findings?.length === 0 && <p role="status">✓ {m.nothingInTheWay}</p>}
          {findings !== undefined && findings.length > 0 && (
            <div role="status"><h3>{m.inTheWay}</h3><ul class="list">{findings.map((it, index) => <li key={index}><strong class="problem">! {it.message}</strong> {it.remedy}</li>)}</ul></div>
          )}
        </>
      )}
    </Act>
  );
}

const without = (mapping: Record<string, string>, id: string): Record<string, string> =>
  Object.fromEntries(Object.entries(mapping).filter(([from]) => from !== id));
