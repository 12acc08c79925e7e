// Deploying a draft with notes, and starting what came of it.

import { useState } from "preact/hooks";
import { call } from "../api/client";
import type { DeployedDefinition, Deployment, Finding } from "../api/schema";
import { fill } from "../format";
import { messages as m } from "../messages/designer";
import { Dialog } from "../parts/dialog";
import { Problem } from "../parts/problem";
import { Starting } from "../parts/starting";
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
  const [starting, setStarting] = useState<DeployedDefinition>();
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
  if (starting !== undefined) return <Starting process={{ ...starting, name: starting.name || starting.id }} definitionKey={starting.key} close={close} />;
  return (
    <Dialog title={fill(m.deployTitle, { name })} close={close}>
      {deployed !== undefined ? <Done deployed={deployed} close={close} start={setStarting} /> : (
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

function Done({ deployed, close, start }: { deployed: Deployment; close: () => void; start: (it: DeployedDefinition) => void }) {
  const process = deployed.definitions.find((it) => it.kind === "process");
  return (
    <>
      {deployed.definitions.map((it) => <p key={it.key} class="fine" role="status">✓ {fill(m.deployed, { name: it.name || it.id, version: it.version })}</p>)}
      <p class="acts">
        {process !== undefined && <button class="primary" onClick={() => start(process)}>{m.startIt}</button>}
        <button onClick={close}>{m.close}</button>
      </p>
    </>
  );
}
