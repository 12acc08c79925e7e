// One act for all that are found: what it would do is said first, and how far it has come while it runs.

import { useEffect, useState } from "preact/hooks";
import { call } from "../../api/client";
import type { Batch, Definition, NewBatch, Preview } from "../../api/schema";
import { counted, fill, number } from "../../format";
import { messages as m } from "../../messages/instances";
import { Act } from "../../parts/act";
import { Dialog } from "../../parts/dialog";
import { type Mapping, Mapped, nothingMarked } from "../../parts/mapping";
import { Menu } from "../../parts/menu";
import { Problem } from "../../parts/problem";
import { emptyRow, type Row, VariableRows, variablesOf } from "../../parts/variables";
import { namesOf } from "../../parts/model";
import { askedBy, type Filter } from "./filter";
import { Progress } from "./progress";

type Operation = keyof typeof m.operations;
const OPERATIONS = Object.keys(m.operations) as Operation[];
/** What is about the elements or versions of one workflow. */
const OF_ONE = new Set<Operation>(["modify", "migrate"]);

export function Bulk({ filter, again }: { filter: Filter; again: () => void }) {
  const [operation, setOperation] = useState<Operation>();
  const [batch, setBatch] = useState<Batch>();
  const close = () => {
    setOperation(undefined);
    setBatch(undefined);
    again();
  };
  return (
    <>
      <Menu side="right" label={m.bulk} closes>
        {OPERATIONS.map((it) => <button key={it} onClick={() => setOperation(it)}>{m.operations[it]}</button>)}
      </Menu>
      {batch !== undefined && <Progress batch={batch} close={close} />}
      {batch === undefined && operation !== undefined && (
        OF_ONE.has(operation) && filter.processId === undefined
          ? <Dialog title={m.operations[operation]} close={close}><p>{m.needsWorkflow}</p><p class="acts"><button onClick={close}>{m.close}</button></p></Dialog>
          : <Prepare operation={operation} filter={filter} begun={setBatch} close={close} />
      )}
    </>
  );
}

interface PrepareProps {
  operation: Operation;
  filter: Filter;
  begun: (batch: Batch) => void;
  close: () => void;
}

function Prepare({ operation, filter, begun, close }: PrepareProps) {
  const [rows, setRows] = useState<Row[]>([emptyRow()]);
  const [retries, setRetries] = useState("");
  const [put, setPut] = useState("");
  const [taken, setTaken] = useState("");
  const [target, setTarget] = useState("");
  const [mapping, setMapping] = useState<Mapping>({});
  const [preview, setPreview] = useState<Preview>();
  const [error, setError] = useState<Error>();
  const model = useModel(OF_ONE.has(operation) ? filter.processId : undefined);
  const body = (): NewBatch => ({
    operation,
    filter: askedBy(filter) as NewBatch["filter"],
    ...((operation === "retry" || operation === "restart") && { variables: variablesOf(rows) }),
    ...(operation === "retry" && retries !== "" && { retries: Number(retries) }),
    ...(operation === "modify" && { activate: put === "" ? [] : [{ element: put }], terminate: taken === "" ? [] : [{ element: taken }] }),
    ...(operation === "migrate" && { definitionKey: target, mapping }),
  });
  const complete = operation === "modify" ? put !== "" || taken !== "" : operation !== "migrate" || target !== "";
  const asked = complete ? JSON.stringify([put, taken, target, mapping, retries, rows]) : undefined;
  useEffect(() => {
    setPreview(undefined);
    if (asked === undefined) return;
    let late = false;
    // While somebody types, only the last is asked.
    const timer = setTimeout(() => {
      const look = async () => call("POST /api/v1/batches/preview", { body: body() });
      look().then(
        (it) => {
          if (late) return;
          setPreview(it);
          setError(undefined);
        },
        (failure: Error) => !late && setError(failure),
      );
    }, 300);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [asked]);
  return (
    <Act title={fill(m.bulkTitle, { operation: m.operations[operation] })} yes={m.operations[operation]} danger={operation === "cancel"} operation="POST /api/v1/batches" given={() => ({ body: body() })} done={begun} close={close} disabled={preview === undefined || preview.total === 0} {...(operation === "migrate" && { kind: "wide" as const })}>
      <p>{m.bulkHelp[operation]}</p>
      {operation === "modify" && (
        <div class="filter">
          <ElementChoice label={m.elementPut} names={model.elements} value={put} choose={setPut} />
          <ElementChoice label={m.elementTaken} names={model.elements} value={taken} choose={setTaken} />
        </div>
      )}
      {operation === "migrate" && <MigrateTo versions={model.versions} version={filter.version} target={target} choose={(key) => { setTarget(key); setMapping({}); }} mapping={mapping} change={setMapping} />}
      {(operation === "retry" || operation === "restart") && (
        <>
          <p class="faint">{operation === "retry" ? m.rightFirst : m.over}</p>
          <VariableRows rows={rows} change={setRows} />
        </>
      )}
      {operation === "retry" && <p><label>{m.retries} <input type="number" min="1" max="1000" value={retries} onInput={(event) => setRetries(event.currentTarget.value)} /></label></p>}
      <Problem error={error} />
      {preview !== undefined && <Foreseen preview={preview} />}
    </Act>
  );
}

interface MigrateToProps {
  versions: Definition[];
  /** The version that is filtered by. */
  version: string | undefined;
  target: string;
  choose: (key: string) => void;
  mapping: Mapping;
  change: (mapping: Mapping) => void;
}

/** The version to go on by; where elements go on is said where it is not by their ids. */
function MigrateTo({ versions, version, target, choose, mapping, change }: MigrateToProps) {
  const [both, setBoth] = useState<{ target: string; before: string; after: string }>();
  const [from, setFrom] = useState<string[]>([]);
  const others = versions.filter((it) => it.key !== target);
  const source = others.find((it) => it.version === version) ?? others.sort((one, other) => one.deployedAt.localeCompare(other.deployedAt)).at(-1);
  useEffect(() => {
    setFrom([]);
    if (target === "" || source === undefined) return;
    const read = (key: string) => call("GET /api/v1/definitions/{key}/xml", { path: { key } });
    // Without the drawings they still go on by the ids of their elements.
    Promise.all([read(source.key), read(target)]).then(([before, after]) => setBoth({ target, before, after }), () => undefined);
  }, [target, source?.key]);
  const nodes = both?.target === target ? namesOf(both.before).nodes : new Map<string, string>();
  return (
    <>
      <label>{m.target}
        <select value={target} onChange={(event) => choose(event.currentTarget.value)}>
          <option value="" />
          {versions.map((it) => <option key={it.key} value={it.key}>{it.version}</option>)}
        </select>
      </label>
      {both?.target === target && (
        <details>
          <summary>{m.explicit}</summary>
          <Mapped source={both.before} target={both.after} marks={nothingMarked} from={from} mapping={mapping} change={change} />
          <label>{m.mapAlso}
            <select value="" onChange={(event) => setFrom([...from, event.currentTarget.value])}>
              <option value="" />
              {[...nodes].filter(([id]) => !from.includes(id)).map(([id, name]) => <option key={id} value={id}>{name}</option>)}
            </select>
          </label>
        </details>
      )}
    </>
  );
}

function Foreseen({ preview: { total, tried, refusals } }: { preview: Preview }) {
  return (
    <div role="status" class="foreseen">
      <p><strong>{counted(m.previewOf, total)}</strong> {total > 0 && <>{fill(m.tried, { tried: number(tried) })} {refusals.length === 0 ? m.allTake : counted(m.refusedOf, refusals.length)}</>}</p>
      {refusals.length > 0 && (
        <ul class="list">{refusals.slice(0, 10).map((it) => <li key={it.processInstance}><a href={`/instances/${it.processInstance}`} target="_blank">{it.processInstance}</a> <span class="problem">{it.message}</span></li>)}</ul>
      )}
    </div>
  );
}

function ElementChoice({ label, names, value, choose }: { label: string; names: Map<string, string>; value: string; choose: (id: string) => void }) {
  return (
    <label>{label}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{m.noElement}</option>
        {[...names].map(([id, name]) => <option key={id} value={id}>{name}</option>)}
      </select>
    </label>
  );
}

/** The versions of a workflow, and the elements of its newest one. */
function useModel(processId: string | undefined): { versions: Definition[]; elements: Map<string, string> } {
  const [versions, setVersions] = useState<Definition[]>([]);
  const [elements, setElements] = useState(new Map<string, string>());
  useEffect(() => {
    if (processId === undefined) return;
    const look = async () => {
      const { items } = await call("GET /api/v1/definitions", { query: { kind: "process", id: processId, limit: 1000 } });
      setVersions(items);
      const newest = items.at(-1);
      if (newest !== undefined) setElements(namesOf(await call("GET /api/v1/definitions/{key}/xml", { path: { key: newest.key } })).nodes);
    };
    // Without it there is nothing to choose from, and the preview says why.
    look().catch(() => undefined);
  }, [processId]);
  return { versions, elements };
}
