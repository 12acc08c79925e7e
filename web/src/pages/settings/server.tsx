// Whether the server does its work.

import { useLive } from "../../api/live";
import { fill } from "../../format";
import { messages as m } from "../../messages/settings";
import { Problem } from "../../parts/problem";

interface Told {
  /** What is not ready; nothing when all is. */
  missing: string | undefined;
  version: string;
}

async function load(): Promise<Told> {
  const [ready, version] = await Promise.all([fetch("/health/ready"), fetch("/version")]);
  const said = (await ready.json()) as { message?: string };
  return { missing: ready.ok ? undefined : said.message, version: ((await version.json()) as { version: string }).version };
}

export function Server() {
  const { value, error, again } = useLive(load, "server", () => false);
  return (
    <section class="card">
      <h2>{m.health}</h2>
      <Problem error={error} again={again} />
      {value !== undefined && (
        <>
          {value.missing === undefined ? <p><span class="state completed"><span aria-hidden="true">✓</span> {m.ready}</span></p> : <p class="problem">! {fill(m.notReady, { reason: value.missing })}</p>}
          <dl class="facts-list"><div><dt>{m.release}</dt><dd>{value.version}</dd></div></dl>
        </>
      )}
    </section>
  );
}
