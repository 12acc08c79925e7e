// Starting a workflow: in the form of its start where it has one, else with variables.

import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { call, Refused } from "../api/client";
import { fill } from "../format";
import { messages as m } from "../messages/common";
import { Act } from "./act";
import { Entry, forget } from "./entry";
import type { Schema, Submit } from "./form";
import { Problem } from "./problem";

interface Found {
  key: string;
  version: string;
  /** Null where it is started without a form. */
  schema: Schema | null;
}

interface Props {
  process: { id: string; name: string };
  /** The version that is meant; by default the one that runs where none is asked for. */
  definitionKey?: string;
  close: () => void;
}

async function find(id: string, wanted: string | undefined): Promise<Found> {
  const key = wanted ?? (await running(id));
  const { version, startForm } = await call("GET /api/v1/definitions/{key}", { path: { key } });
  const form = startForm === null ? undefined : await call("GET /api/v1/definitions/{key}/start-form", { path: { key } }).catch(notDeployed);
  return { key, version, schema: form?.schema ?? null };
}

/** A form that is not deployed here is no reason not to start. */
function notDeployed(error: unknown): undefined {
  if (!(error instanceof Refused && error.status === 404)) throw error;
}

async function running(id: string): Promise<string> {
  const { items } = await call("GET /api/v1/definitions", { query: { kind: "process", id, limit: 1_000 } });
  const newest = items.filter((it) => it.active).sort((one, other) => other.deployedAt.localeCompare(one.deployedAt))[0];
  if (newest === undefined) throw new Error(m.noneActive);
  return newest.key;
}

export function Starting({ process: { id, name }, definitionKey, close }: Props) {
  const { route } = useLocation();
  const [found, setFound] = useState<Found>();
  const [error, setError] = useState<Error>();
  const [refused, setRefused] = useState<Error>();
  const [businessKey, setBusinessKey] = useState("");
  const submit = useRef<Submit>(() => undefined);
  useEffect(() => void find(id, definitionKey).then(setFound, setError), []);
  const kept = `start ${id}`;
  const given = () => {
    const variables = submit.current();
    return variables && { body: { definitionKey: found!.key, variables, businessKey: businessKey || null } };
  };
  return (
    <Act
      title={fill(m.startTitle, { name, version: found?.version ?? "" })}
      yes={m.start}
      operation="POST /api/v1/process-instances"
      given={given}
      done={(it) => { forget(kept); close(); route(`/instances/${it.id}`); }}
      failed={setRefused}
      close={close}
      disabled={found === undefined}
    >
      <Problem error={error} />
      {found === undefined ? error === undefined && <p class="faint">{m.loading}</p> : (
        <>
          <Entry schema={found.schema} values={{}} kept={kept} ready={(it) => (submit.current = it)} refused={refused} />
          <label>{m.businessKey} <input value={businessKey} onInput={(event) => setBusinessKey(event.currentTarget.value)} /></label>
        </>
      )}
    </Act>
  );
}
