// Another version for an instance: what is in the way is said before anything happens.

import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/client";
import type { Definition, Finding, ProcessInstance } from "../../api/schema";
import { messages as m } from "../../messages/instance";
import { Act } from "../../parts/act";
import type { Marks } from "../../parts/diagram";
import { Mapped } from "../../parts/mapping";
import { Problem } from "../../parts/problem";

interface Props {
  instance: ProcessInstance;
  marks: Marks;
  /** The model by which it runs now. */
  source: string;
  done: () => void;
  close: () => void;
}

export function Migrate({ instance, source, marks, done, close }: Props) {
  const [versions, setVersions] = useState<Definition[]>();
  const [target, setTarget] = useState("");
  const [xml, setXml] = useState<string>();
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
          <Mapped source={source} target={xml} marks={marks} from={tokens} mapping={mapping} change={setMapping} />
          {findings?.length === 0 && <p role="status">✓ {m.nothingInTheWay}</p>}
          {findings !== undefined && findings.length > 0 && (
            <div role="status"><h3>{m.inTheWay}</h3><ul class="list">{findings.map((it, index) => <li key={index}><strong class="problem">! {it.message}</strong> {it.remedy}</li>)}</ul></div>
          )}
        </>
      )}
    </Act>
  );
}
