// Every setting, and where its value came from.

import { call } from "../../api/client";
import { useLive } from "../../api/live";
import { messages as m } from "../../messages/settings";
import { Problem } from "../../parts/problem";

export function Configuration() {
  const { value, error, again } = useLive(() => call("GET /api/v1/configuration"), "configuration", () => false);
  return (
    <section class="card">
      <h2>{m.tabs.configuration}</h2>
      <p class="faint">{m.configurationHelp}</p>
      <Problem error={error} again={again} />
      <div class="scroll" tabIndex={0} role="region" aria-label={m.tabs.configuration}>
        <table>
          <thead><tr><th scope="col">{m.setting}</th><th scope="col">{m.value}</th><th scope="col">{m.origin}</th></tr></thead>
          <tbody>
            {value?.items.map((it) => (
              <tr key={it.name}>
                <th scope="row"><code>{it.name}</code></th>
                <td>{JSON.stringify(it.value)}</td>
                <td class={it.origin === "default" ? "faint" : undefined}>{it.origin}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
