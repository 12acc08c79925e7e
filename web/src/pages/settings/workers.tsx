// The workers outside the server, and what each is doing.

import { call } from "../../api/client";
import { anything, useLive } from "../../api/live";
import { ago, counted, moment } from "../../format";
import { messages as m } from "../../messages/settings";
import { Problem } from "../../parts/problem";

export function Workers() {
  const { value, error, again } = useLive(() => call("GET /api/v1/workers"), "workers", anything);
  return (
    <section class="card">
      <h2>{m.tabs.workers}</h2>
      <Problem error={error} again={again} />
      <p class="faint">{m.workersHelp}</p>
      {value === undefined ? error === undefined && <p class="faint">{m.loading}</p> : value.length === 0 ? <p class="faint">{m.noWorkers}</p> : (
        <div class="scroll" tabIndex={0} role="region" aria-label={m.tabs.workers}>
          <table>
            <thead><tr>{[m.name, m.jobTypes, m.seen, m.has].map((it) => <th scope="col" key={it}>{it}</th>)}</tr></thead>
            <tbody>
              {value.map((it) => (
                <tr key={it.name}>
                  <th scope="row">{it.name}</th>
                  <td>{it.types.join(", ")}</td>
                  <td class="moment">{it.seenAt === null ? m.elsewhere : <time dateTime={it.seenAt} title={moment(it.seenAt)}>{ago(it.seenAt)}</time>}</td>
                  <td>
                    {it.jobs.length === 0 ? <span class="faint">{m.idle}</span> : (
                      <details>
                        <summary>{counted(m.jobsOf, it.jobs.length)}</summary>
                        <ul class="list">
                          {it.jobs.map((job) => <li key={job.key}><a href={`/instances/${job.processInstance}`}>{job.type}</a> <span class="faint">{job.element} · {m.until} <time dateTime={job.until}>{moment(job.until)}</time></span></li>)}
                        </ul>
                      </details>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
