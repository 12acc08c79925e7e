// What users did, page by page; the filter is in the address.

import { useLocation } from "preact-iso";
import { call } from "../../api/client";
import { anything, useLive } from "../../api/live";
import { moment } from "../../format";
import { messages as m } from "../../messages/settings";
import { Problem } from "../../parts/problem";

const PAGE = 100;

export function Audit() {
  const { query, route } = useLocation();
  const { operation = "", actor = "", cursor = "" } = query;
  const go = (wanted: Record<string, string>) => {
    const kept = Object.entries({ tab: "audit", operation, actor, ...wanted }).filter(([, text]) => text !== "");
    route(`/settings?${new URLSearchParams(kept)}`);
  };
  const given = Object.fromEntries(Object.entries({ operation, actor, cursor }).filter(([, text]) => text !== ""));
  const { value, error, again } = useLive(() => call("GET /api/v1/acts", { query: { limit: PAGE, ...given } }), JSON.stringify(given), anything);
  const words: Record<string, string> = m.operations;
  return (
    <>
      <div class="filter">
        <label>{m.operation}
          <select value={operation} onChange={(event) => go({ operation: event.currentTarget.value })}>
            <option value="">{m.any}</option>
            {Object.entries(m.operations).map(([id, name]) => <option key={id} value={id} selected={id === operation}>{name}</option>)}
          </select>
        </label>
        <label>{m.actor} <input value={actor} onChange={(event) => go({ actor: event.currentTarget.value.trim() })} /></label>
      </div>
      <section class="card">
        <h2>{m.audit}</h2>
        <p class="faint">{m.auditHelp}</p>
        <Problem error={error} again={again} />
        {value?.items.length === 0 && <p class="faint">{m.noActs}</p>}
        {value !== undefined && value.items.length > 0 && (
          <div class="scroll" tabIndex={0} role="region" aria-label={m.audit}>
            <table>
              <thead><tr>{[m.when, m.actor, m.operation, m.about, m.instance].map((it) => <th scope="col" key={it}>{it}</th>)}</tr></thead>
              <tbody>
                {value.items.map((it, index) => (
                  <tr key={index}>
                    <td class="moment"><time dateTime={it.at}>{moment(it.at)}</time></td>
                    <td>{it.actor}</td>
                    <td>{words[it.operation] ?? it.operation}</td>
                    <td>{[it.processId, it.detail].filter(Boolean).join(" · ")}</td>
                    <td class="id">{it.processInstance !== null && <a href={`/instances/${it.processInstance}`}>{it.processInstance}</a>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <p class="acts">
          {cursor !== "" && <button onClick={() => go({})}>{m.newest}</button>}
          {value?.cursor != null && <button onClick={() => go({ cursor: value.cursor! })}>{m.older}</button>}
        </p>
      </section>
    </>
  );
}
