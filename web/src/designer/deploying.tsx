// Deploying a draft with notes, and starting what came of it.

import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { call } from "../api/client";
import type { Deployment, Finding } from "../api/schema";
import { fill } from "../format";
import { messages as m } from "../messages/designer";
import { Dialog } from "../parts/dialog";
import { Problem } from "../parts/problem";
import { emptyRow, type Row, VariableRows, variablesOf } from "../parts/variables";
import { fileOf, type Kind } from "./checking";

interface Props {
  name: string;
  content: string;
  kind: Kind;
  findings: Finding[] | undefined;
  close: () => void;
}

export function Deploying({ name, content, kind, findings, close }: Props) {
  const [version, setVersion] = useState("");
  const [notes, setNotes] = useState("");
  const [error, setError] = useState<Error>();
  const [deployed, setDeployed] = useState<Deployment>();
  const broken = (findings ?? []).some((it) => it.severity === "error");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const body = new FormData();
    body.set("file", fileOf(content, kind));
    body.set("notes", notes);
    if (version !== "") body.set("version", version);
    try {
      setDeployed(await call("POST /api/v1/deployments", { body }));
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <Dialog title={fill(m.deployTitle, { name })} close={close}>
      {deployed !== undefined ? <Done deployed={deployed} close={close} /> : (
        <form class="stack" onSubmit={submit}>
          {broken && <p class="problem" role="alert">{m.deployErrors}</p>}
          <label>{m.notes} <textarea rows={4} maxLength={10_000} value={notes} onInput={(event) => setNotes(event.currentTarget.value)} /></label>
          <label>{m.deployVersion} <input value={version} placeholder="1.2.0" pattern="\d+\.\d+\.\d+" onInput={(event) => setVersion(event.currentTarget.value)} /></label>
          <Problem error={error} />
          <p class="acts">
            <button class="primary" disabled={broken}>{m.deploy}</button>
            <button type="button" onClick={close}>{m.close}</button>
          </p>
        </form>
      )}
    </Dialog>
  );
}

function Done({ deployed, close }: { deployed: Deployment; close: () => void }) {
  const { route } = useLocation();
  const [rows, setRows] = useState<Row[]>([emptyRow()]);
  const [error, setError] = useState<Error>();
  const process = deployed.definitions.find((it) => it.kind === "process");
  const start = async (event: SubmitEvent) => {
    event.preventDefault();
    try {
      const body = { definitionKey: process!.key, variables: variablesOf(rows) };
      route(`/instances/${(await call("POST /api/v1/process-instances", { body })).id}`);
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <form onSubmit={start}>
      {deployed.definitions.map((it) => <p key={it.key} class="fine" role="status">✓ {fill(m.deployed, { name: it.name, version: it.version })}</p>)}
      {process !== undefined && <VariableRows rows={rows} change={setRows} />}
      <Problem error={error} />
      <p class="acts">
        {process !== undefined && <button class="primary">{m.startIt}</button>}
        <button type="button" onClick={close}>{m.close}</button>
      </p>
    </form>
  );
}
