// The instances that meet a filter, which is the query of the address.

import { useLocation } from "preact-iso";
import { call } from "../api/client";
import { anything, deployments, useLive } from "../api/live";
import { messages as m } from "../messages/instances";
import { InstanceTable } from "../parts/instance_table";
import { Problem } from "../parts/problem";

const PAGE = 50;
const SHOWN_STATES = ["active", "incident", "completed", "cancelled", "suspended"] as const;
type Filter = Record<string, string>;

function load({ processId, state, businessKey, variable, cursor }: Filter) {
  const stated = state === "incident" ? { incidents: true } : state ? { state: [state as "active"], ...(state === "active" && { incidents: false }) } : {};
  const query = { processId, businessKey, variable: variable ? [variable] : [], ...stated, cursor, limit: PAGE };
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== ""));
  return call("GET /api/v1/process-instances", { query: given });
}

export function Instances() {
  const { query, route } = useLocation();
  const filter = query as Filter;
  const { value, error } = useLive(() => load(filter), JSON.stringify(filter), anything);
  const processes = useLive(() => call("GET /api/v1/processes", { query: { limit: 1000 } }), "processes", deployments);
  const go = (wanted: Filter) => {
    const kept = Object.entries(wanted).filter(([, text]) => text !== "");
    const search = new URLSearchParams(kept).toString();
    route(search ? `/instances?${search}` : "/instances");
  };
  const put = (name: string, text: string) => go({ ...filter, cursor: "", [name]: text });
  return (
    <>
      <h1>{m.instances}</h1>
      <form class="filter" onSubmit={(event) => event.preventDefault()}>
        <label>{m.workflow}
          <select value={filter["processId"] ?? ""} onChange={(event) => put("processId", event.currentTarget.value)}>
            <option value="">{m.any}</option>
            {processes.value?.items.map((it) => <option key={it.id} value={it.id} selected={it.id === filter["processId"]}>{it.name}</option>)}
          </select>
        </label>
        <label>{m.state}
          <select value={filter["state"] ?? ""} onChange={(event) => put("state", event.currentTarget.value)}>
            <option value="">{m.any}</option>
            {SHOWN_STATES.map((one) => <option key={one} value={one}>{m.states[one]}</option>)}
          </select>
        </label>
        <label>{m.businessKey} <input value={filter["businessKey"] ?? ""} onChange={(event) => put("businessKey", event.currentTarget.value)} /></label>
        <label>{m.variableFilter} <input value={filter["variable"] ?? ""} onChange={(event) => put("variable", event.currentTarget.value)} /></label>
        {Object.keys(filter).length > 0 && <button type="button" class="quiet" onClick={() => go({})}>{m.clear}</button>}
      </form>
      <Problem error={error} />
      {value === undefined ? error === undefined && <p class="faint">{m.loading}</p> : (
        <section class="card">
          <InstanceTable instances={value.items} />
          <p class="acts">
            {filter["cursor"] && <button onClick={() => put("cursor", "")}>{m.firstPage}</button>}
            {value.cursor !== null && <button onClick={() => go({ ...filter, cursor: value.cursor! })}>{m.nextPage}</button>}
          </p>
        </section>
      )}
    </>
  );
}
