// Whether the server does its work.

import { call } from "../../api/client";
import { useLive } from "../../api/live";
import type { Node } from "../../api/schema";
import { ago, fill, moment } from "../../format";
import { messages as m } from "../../messages/settings";
import { Problem } from "../../parts/problem";

interface Told {
  /** What is not ready; nothing when all is. */
  missing: string | undefined;
  version: string;
  nodes: Node[];
}

async function load(): Promise<Told> {
  const [ready, version, nodes] = await Promise.all([fetch("/health/ready"), fetch("/version"), call("GET /api/v1/nodes")]);
  const said = (await ready.json()) as { message?: string };
  return { missing: ready.ok ? undefined : said.message, version: ((await version.json()) as { version: string }).version, nodes };
}

export function Server() {
  const { value, error, again } = useLive(load, "server", () => false);
  return (
    <>
      <Problem error={error} again={again} />
      {value !== undefined && <><Health told={value} /><Nodes nodes={value.nodes} /></>}
    </>
  );
}

function Health({ told }: { told: Told }) {
  return (
    <section class="card">
      <h2>{m.health}</h2>
      {told.missing === undefined ? <p><span class="state completed"><span aria-hidden="true">✓</span> {m.ready}</span></p> : <p class="problem">! {fill(m.notReady, { reason: told.missing })}</p>}
      <dl class="facts-list"><div><dt>{m.release}</dt><dd>{told.version}</dd></div></dl>
    </section>
  );
}

function Nodes({ nodes }: { nodes: Node[] }) {
  return (
    <section class="card">
      <h2>{m.nodes}</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label={m.nodes}>
        <table>
          <thead><tr>{[m.state, m.name, m.release, m.started, m.seen].map((it) => <th scope="col" key={it}>{it}</th>)}</tr></thead>
          <tbody>
            {nodes.map((it) => (
              <tr key={it.id}>
                <td><span class={`state ${it.gone ? "incident" : "completed"}`}><span aria-hidden="true">{it.gone ? "!" : "✓"}</span> {it.gone ? m.gone : m.here}</span></td>
                <th scope="row">{it.name} {it.this && <span class="faint">{m.thisNode}</span>}</th>
                <td>{it.version}</td>
                <td class="moment">{moment(it.startedAt)}</td>
                <td class="moment"><time dateTime={it.seenAt}>{ago(it.seenAt)}</time></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
