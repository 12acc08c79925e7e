// The drafts and the deployed processes: where to begin with drawing.

import "../style/designer.css";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { call } from "../api/client";
import { anything, useLive } from "../api/live";
import type { Draft, Process } from "../api/schema";
import { holder } from "../designer/editor_name";
import { kindOf, newModel } from "../designer/models";
import { ago, fill, moment } from "../format";
import { messages as m } from "../messages/designer";
import { Dialog } from "../parts/dialog";
import { Problem } from "../parts/problem";

async function load(): Promise<{ drafts: Draft[]; processes: Process[] }> {
  const [drafts, processes] = await Promise.all([call("GET /api/v1/drafts"), call("GET /api/v1/processes")]);
  return { drafts: drafts.items, processes: processes.items };
}

export function Designer() {
  const { route } = useLocation();
  const { value, error, again } = useLive(load, "designer", anything);
  const [naming, setNaming] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const begin = async (name: string, content: string, kind: Draft["kind"] = "process") => {
    const draft = await call("POST /api/v1/drafts", { body: { name, content, kind } });
    route(`/designer/${draft.id}`);
  };
  const trying = (act: () => Promise<void>) => void act().catch((reason: Error) => setFailure(reason));
  return (
    <>
      <div class="title">
        <h1>{m.designer}</h1>
        <p class="acts">
          <FileButton text={m.importFile} take={(file) => trying(() => imported(file, begin))} />
          <button class="primary" onClick={() => setNaming(true)}>{m.newProcess}</button>
        </p>
      </div>
      <Problem error={failure ?? error} />
      {value === undefined ? error === undefined && <p class="faint">{m.loading}</p> : (
        <>
          <Drafts drafts={value.drafts} again={again} />
          <Deployed processes={value.processes} edit={(it) => trying(() => editing(it, begin))} />
        </>
      )}
      {naming && <NewProcess close={() => setNaming(false)} begin={(name) => begin(name, newModel(name))} />}
    </>
  );
}

type Begin = (name: string, content: string, kind?: Draft["kind"]) => Promise<void>;

async function imported(file: File, begin: Begin): Promise<void> {
  const content = await file.text();
  const kind = kindOf(file.name, content);
  if (kind === undefined) throw new Error(fill(m.importWrong, { file: file.name }));
  await begin(file.name.replace(/\.\w+$/, "") || file.name, content, kind);
}

async function editing({ id, name }: Process, begin: Begin): Promise<void> {
  const { items } = await call("GET /api/v1/definitions", { query: { kind: "process", id, limit: 1_000 } });
  const newest = items.reduce((one, other) => (one.deployedAt < other.deployedAt ? other : one));
  await begin(name, await call("GET /api/v1/definitions/{key}/xml", { path: { key: newest.key } }));
}

/** A button that asks for a file; the field itself is there for the keyboard and for screen readers. */
export function FileButton({ text, take }: { text: string; take: (file: File) => void }) {
  return (
    <label class="button file">
      {text}
      <input
        type="file"
        accept=".bpmn,.dmn,.form,.xml,.json"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file !== undefined) take(file);
        }}
      />
    </label>
  );
}

function NewProcess({ close, begin }: { close: () => void; begin: (name: string) => Promise<void> }) {
  const [name, setName] = useState("");
  const [error, setError] = useState<Error>();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    begin(name.trim()).catch(setError);
  };
  return (
    <Dialog title={m.newProcess} close={close}>
      <form onSubmit={submit}>
        <label>{m.newName} <input value={name} maxLength={200} required pattern=".*\S.*" onInput={(event) => setName(event.currentTarget.value)} /></label>
        <Problem error={error} />
        <p class="acts">
          <button class="primary">{m.create}</button>
          <button type="button" onClick={close}>{m.close}</button>
        </p>
      </form>
    </Dialog>
  );
}

function Drafts({ drafts, again }: { drafts: Draft[]; again: () => void }) {
  const [doomed, setDoomed] = useState<Draft>();
  return (
    <section class="card">
      <h2>{m.drafts}</h2>
      {drafts.length === 0 ? <p class="faint">{m.noDrafts}</p> : (
        <ul class="list drafts">
          {drafts.map((it) => (
            <li key={it.id}>
              <div>
                <a href={`/designer/${it.id}`}>{it.name}</a>
                <div class="faint">
                  {m.kinds[it.kind]} · <time dateTime={it.updatedAt} title={moment(it.updatedAt)}>{fill(m.changedAt, { when: ago(it.updatedAt) })}</time> · {fill(m.revision, { n: it.revision })}
                </div>
              </div>
              {it.lockedBy !== null && <span class="state">{fill(m.editedBy, { name: it.lockedBy })}</span>}
              <button class="quiet" aria-label={fill(m.throwAwayOf, { name: it.name })} onClick={() => setDoomed(it)}>{m.throwAway}</button>
            </li>
          ))}
        </ul>
      )}
      {doomed !== undefined && <ThrowAway draft={doomed} close={() => { setDoomed(undefined); again(); }} />}
    </section>
  );
}

function ThrowAway({ draft, close }: { draft: Draft; close: () => void }) {
  const [error, setError] = useState<Error>();
  const remove = () =>
    call("DELETE /api/v1/drafts/{draft}", { path: { draft: draft.id }, query: { holder: holder() } }).then(close, setError);
  return (
    <Dialog title={fill(m.throwAwayOf, { name: draft.name })} close={close}>
      <p>{m.throwAwaySure}</p>
      <Problem error={error} />
      <p class="acts">
        <button class="danger" onClick={() => void remove()}>{m.throwAwayYes}</button>
        <button onClick={close}>{m.close}</button>
      </p>
    </Dialog>
  );
}

function Deployed({ processes, edit }: { processes: Process[]; edit: (process: Process) => void }) {
  return (
    <section class="card">
      <h2>{m.deployedProcesses}</h2>
      {processes.length === 0 ? <p class="faint">{m.nothingDeployed}</p> : (
        <ul class="list drafts">
          {processes.map((it) => (
            <li key={it.id}>
              <div>{it.name} <span class="faint">{it.version}</span></div>
              <a class="button" href={`/designer/versions/${encodeURIComponent(it.id)}`}>{m.versions}<span class="unseen"> {it.name}</span></a>
              <button aria-label={fill(m.editOf, { name: it.name })} onClick={() => edit(it)}>{m.edit}</button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
