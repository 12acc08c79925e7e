// One instance: where it is, how it came there, what has failed, and what can be done about it.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { call } from "../../api/client";
import { instance as concerns, useLive } from "../../api/live";
import type { HistoryEvent, Incident, ProcessInstance, Wait } from "../../api/schema";
import { duration, fill, moment } from "../../format";
import { messages as m } from "../../messages/instance";
import { Diagram, type Drawn } from "../../parts/diagram";
import { Problem } from "../../parts/problem";
import { State } from "../../parts/states";
import { ActsBar } from "./acts";
import { Calls } from "./calls";
import { Decisions } from "./decisions";
import { Elements } from "./elements";
import { Incidents } from "./incidents";
import { momentAfter } from "./replay";
import { ReplayBar } from "./replay_bar";
import { Timeline } from "./timeline";
import { Variables } from "./variables";
import { Waits } from "./waits";

const EVENTS = 10_000;

interface Told {
  instance: ProcessInstance;
  waits: Wait[];
  history: HistoryEvent[];
  incidents: Incident[];
}

/** The history that is known, and what has come after it. */
async function grown(id: string, known: HistoryEvent[]): Promise<HistoryEvent[]> {
  let all = known;
  for (;;) {
    const query = { limit: EVENTS, after: all.at(-1)?.seq ?? 0 };
    const { items, cursor } = await call("GET /api/v1/process-instances/{instance}/history", { path: { instance: id }, query });
    all = items.length === 0 ? all : [...all, ...items];
    if (cursor === null) return all;
  }
}

async function load(id: string, known: HistoryEvent[]): Promise<Told> {
  const path = { instance: id };
  const [instance, waits, history, incidents] = await Promise.all([
    call("GET /api/v1/process-instances/{instance}", { path }),
    call("GET /api/v1/process-instances/{instance}/waiting", { path }),
    grown(id, known),
    call("GET /api/v1/incidents", { query: { processInstance: id } }),
  ]);
  return { instance, waits, history, incidents: incidents.items };
}

export function Instance({ id = "" }: { id?: string }) {
  const known = useRef<{ id: string; history: HistoryEvent[] }>({ id, history: [] });
  const look = async () => {
    const told = await load(id, known.current.id === id ? known.current.history : []);
    known.current = { id, history: told.history };
    return told;
  };
  const { value, error, again } = useLive(look, id, concerns(id));
  if (value === undefined) {
    return <><h1>{m.instances}</h1><Problem error={error} again={again} />{error === undefined && <p class="faint">{m.loading}</p>}</>;
  }
  return <><Problem error={error} again={again} /><Loaded key={id} told={value} again={again} /></>;
}

function Loaded({ told: { instance, waits, history, incidents }, again }: { told: Told; again: () => void }) {
  const [chosen, setChosen] = useState<string>();
  const [drawn, setDrawn] = useState<Drawn[]>([]);
  const [xml, setXml] = useState<string>();
  const [error, setError] = useState<Error>();
  // Undefined is now, which moves on with what happens.
  const [at, setAt] = useState<number>();
  useEffect(() => {
    call("GET /api/v1/definitions/{key}/xml", { path: { key: instance.definitionKey } }).then(setXml, setError);
  }, [instance.definitionKey]);
  const events = at ?? history.length;
  const shown = useMemo(() => momentAfter(history, events), [history, events]);
  const names = useMemo(() => new Map(drawn.map((it) => [it.id, it.name])), [drawn]);
  const nameOf = (id: string) => names.get(id) ?? id;
  const choose = (id: string) => setChosen(id === chosen ? undefined : id);
  return (
    <>
      <Title instance={instance}>
        <ActsBar instance={instance} xml={xml} marks={momentAfter(history, history.length).marks} drawn={drawn} again={again} />
      </Title>
      <Problem error={error} />
      <Incidents incidents={incidents} instance={instance} nameOf={nameOf} again={again} />
      <div class="drawing">
        <section class="card" aria-label={m.diagram}>
          {xml !== undefined && <Diagram xml={xml} marks={shown.marks} chosen={chosen} choose={choose} drawn={setDrawn} />}
          <ReplayBar history={history} at={at} go={setAt} nameOf={nameOf} />
        </section>
        <Elements drawn={drawn} moment={shown} chosen={chosen} choose={choose} />
      </div>
      <div class="pair">
        <Timeline history={history} events={events} chosen={chosen} nameOf={nameOf} go={setAt} />
        <div>
          <Variables instance={instance} history={history} scopes={shown.scopes} past={at !== undefined} nameOf={nameOf} again={again} />
          <Waits instance={instance} waits={waits} nameOf={nameOf} again={again} />
          <Decisions history={history.slice(0, events)} nameOf={nameOf} />
          <Calls instance={instance} />
        </div>
      </div>
    </>
  );
}

function Title({ instance, children }: { instance: ProcessInstance; children: preact.ComponentChildren }) {
  const { startedAt, endedAt } = instance;
  return (
    <>
      <div class="title">
        <h1>{instance.processId} <span class="faint">{instance.version}</span></h1>
        <State of={instance} />
        {children}
      </div>
      <p class="facts faint">
        <code>{instance.id}</code>
        {instance.businessKey !== null && <span>{m.businessKey} <strong>{instance.businessKey}</strong></span>}
        <span>{m.started} <time dateTime={startedAt}>{moment(startedAt)}</time></span>
        {endedAt !== null && (
          <span>{m.ended} <time dateTime={endedAt}>{moment(endedAt)}</time> · {fill("{took} {ms}", { took: m.took, ms: duration(Date.parse(endedAt) - Date.parse(startedAt)) })}</span>
        )}
        {instance.parentId !== null && <a href={`/instances/${instance.parentId}`}>{m.calledBy}</a>}
      </p>
    </>
  );
}
