// The instances that meet a filter, which is the query of the address.

import { useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { call } from "../../api/client";
import { deployments, useLive } from "../../api/live";
import { counted } from "../../format";
import { messages as m } from "../../messages/instances";
import { Problem } from "../../parts/problem";
import { Bulk } from "./bulk";
import { Columns, Views } from "./choices";
import { type Field, type Filter, filterOf, SHOWN_STATES } from "./filter";
import { useFound } from "./pages_of";
import { Table } from "./table";
import { type Column, keepColumns, keptColumns } from "./views";

export function Instances() {
  const { query, route } = useLocation();
  const filter = filterOf(query as Record<string, string>);
  const [columns, setColumns] = useState<Column[]>(keptColumns);
  const atTop = useRef(true);
  const found = useFound(filter, () => atTop.current);
  const processes = useLive(() => call("GET /api/v1/processes", { query: { limit: 1000 } }), "processes", deployments);
  const go = (wanted: Filter) => {
    const search = new URLSearchParams(filterOf(wanted as Record<string, string>)).toString();
    route(search ? `/instances?${search}` : "/instances");
  };
  const put = (field: Field, text: string) => go({ ...filter, [field]: text, ...(field === "processId" && { version: "" }) });
  const choose = (wanted: Column[]) => {
    keepColumns(wanted);
    setColumns(wanted);
  };
  const { rows, more, newer, error, next, again } = found;
  return (
    <>
      <div class="title">
        <h1>{m.instances}</h1>
        <div class="acts">
          <Views search={new URLSearchParams(filter).toString()} columns={columns} open={(view) => { choose(view.columns); route(view.search ? `/instances?${view.search}` : "/instances"); }} />
          <Columns columns={columns} choose={choose} />
          <Bulk filter={filter} again={again} />
        </div>
      </div>
      <FilterForm filter={filter} processes={processes.value?.items ?? []} put={put} clear={() => go({})} />
      <Problem error={error} again={again} />
      {rows === undefined ? error === undefined && <p class="faint">{m.loading}</p> : (
        <section class="card">
          <div class="head">
            <span class="faint" role="status">{counted(m.found, rows.length)}{more && `, ${m.andMore}`}</span>
            {newer && <button class="quiet" onClick={again}>↑ {m.newer}</button>}
          </div>
          {rows.length === 0 ? <p class="faint">{m.noInstances}</p> : <Table rows={rows} more={more} columns={columns} next={next} top={(inView) => (atTop.current = inView)} />}
        </section>
      )}
    </>
  );
}

interface FormProps {
  filter: Filter;
  processes: { id: string; name: string }[];
  put: (field: Field, text: string) => void;
  clear: () => void;
}

const MORE = ["id", "variable", "incidentMessage", "incidentElement", "version", "startedFrom", "startedUntil", "parentId"] as const;

function FilterForm({ filter, processes, put, clear }: FormProps) {
  const text = (field: Field, type = "text") => (
    <label key={field}>{m.fields[field]}
      <input type={type} value={filter[field] ?? ""} onChange={(event) => put(field, event.currentTarget.value.trim())} />
    </label>
  );
  return (
    <form class="card finder" onSubmit={(event) => event.preventDefault()} aria-label={m.find}>
      <div class="filter">
        <label>{m.fields.processId}
          <select value={filter.processId ?? ""} onChange={(event) => put("processId", event.currentTarget.value)}>
            <option value="">{m.any}</option>
            {processes.map((it) => <option key={it.id} value={it.id} selected={it.id === filter.processId}>{it.name}</option>)}
          </select>
        </label>
        <label>{m.fields.state}
          <select value={filter.state ?? ""} onChange={(event) => put("state", event.currentTarget.value)}>
            <option value="">{m.any}</option>
            {SHOWN_STATES.map((one) => <option key={one} value={one}>{m.states[one]}</option>)}
          </select>
        </label>
        {text("businessKey", "search")}
        {Object.keys(filter).length > 0 && <button type="button" class="quiet" onClick={clear}>{m.clear}</button>}
      </div>
      <details open={MORE.some((field) => filter[field] !== undefined)}>
        <summary>{m.more}</summary>
        <div class="filter">
          {MORE.map((field) => text(field, field.startsWith("started") ? "datetime-local" : "search"))}
        </div>
      </details>
    </form>
  );
}
