// Instances, one row each.

import type { ProcessInstance } from "../api/schema";
import { ago, moment } from "../format";
import { messages as m } from "../messages/common";
import { State } from "./states";

export function InstanceTable({ instances }: { instances: ProcessInstance[] }) {
  if (instances.length === 0) return <p class="faint">{m.noInstances}</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={m.instances}>
      <table>
        <thead>
          <tr>{[m.state, m.workflow, m.businessKey, m.started].map((one) => <th scope="col" key={one}>{one}</th>)}</tr>
        </thead>
        <tbody>
          {instances.map((it) => (
            <tr key={it.id}>
              <td><State of={it} /></td>
              <td><a href={`/instances/${it.id}`}>{it.processId}</a> <span class="faint">{it.version}</span></td>
              <td>{it.businessKey}</td>
              <td class="moment"><time dateTime={it.startedAt} title={moment(it.startedAt)}>{ago(it.startedAt)}</time></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
