// How far a batch has come, as it goes, and what was refused.

import { call } from "../../api/client";
import { useLive } from "../../api/live";
import type { Batch, Result } from "../../api/schema";
import { fill, number } from "../../format";
import { messages as m } from "../../messages/instances";
import { Dialog } from "../../parts/dialog";
import { Problem } from "../../parts/problem";

interface Told {
  batch: Batch;
  refused: Result[];
}

async function load(id: string): Promise<Told> {
  const path = { batch: id };
  const [batch, refused] = await Promise.all([
    call("GET /api/v1/batches/{batch}", { path }),
    call("GET /api/v1/batches/{batch}/results", { path, query: { outcome: "rejected", limit: 50 } }),
  ]);
  return { batch, refused: refused.items };
}

export function Progress({ batch: begun, close }: { batch: Batch; close: () => void }) {
  const { value, error, again } = useLive(() => load(begun.id), begun.id, ({ subjects }) => subjects.includes(`batch:${begun.id}`));
  const { batch, refused } = value ?? { batch: begun, refused: [] };
  const stop = () => call("POST /api/v1/batches/{batch}/stop", { path: { batch: begun.id } }).then(again, again);
  const counts = { done: number(batch.done), rejected: number(batch.rejected), total: number(batch.total) };
  return (
    <Dialog title={`${m.operations[batch.operation]}: ${m.progress}`} close={close}>
      <progress max={Math.max(1, batch.total)} value={batch.done + batch.rejected} aria-label={m.progress} />
      <p role="status">{fill(m.done, counts)} {batch.state === "completed" ? m.completed : batch.state === "stopped" ? m.stopped : ""}</p>
      <Problem error={error} again={again} />
      {refused.length > 0 && (
        <>
          <h3>{m.refusals}</h3>
          <ul class="list">{refused.map((it) => <li key={it.processInstance}><a href={`/instances/${it.processInstance}`}>{it.processInstance}</a> <span class="problem">{it.message}</span></li>)}</ul>
        </>
      )}
      <p class="acts">
        {batch.state === "running" && <button onClick={() => void stop()}>{m.stop}</button>}
        <button class="primary" onClick={close}>{m.close}</button>
      </p>
    </Dialog>
  );
}
