// What went wrong, said where it is read out, with the remedy that a machine knows.

import { Unreachable } from "../api/client";
import { online } from "../api/live";
import { messages as m } from "../messages/common";

export function Problem({ error, again }: { error: Error | undefined; again?: () => void }) {
  // While the server does not answer, the shell says so, and asks again by itself.
  if (error === undefined || (error instanceof Unreachable && !online.value)) return null;
  return (
    <p class="problem" role="alert">
      {error.message} {again !== undefined && <button type="button" onClick={again}>{m.again}</button>}
    </p>
  );
}
