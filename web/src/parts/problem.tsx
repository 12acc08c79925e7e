// What went wrong, said where it is read out, with the remedy that a machine knows.

import { Refused, Unreachable } from "../api/client";
import { online } from "../api/live";
import { messages as m } from "../messages/common";

export function Problem({ error, again }: { error: Error | undefined; again?: () => void }) {
  // While the server does not answer, the shell says so, and asks again by itself.
  if (error === undefined || (error instanceof Unreachable && !online.value)) return null;
  const fields = error instanceof Refused ? error.fields : [];
  return (
    <div class="problem" role="alert">
      {error.message} {again !== undefined && <button type="button" onClick={again}>{m.again}</button>}
      {fields.length > 0 && <ul>{fields.map((it) => <li key={it.path}>{it.message}</li>)}</ul>}
    </div>
  );
}
