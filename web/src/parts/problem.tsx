// What went wrong, said where it is read out, with the remedy that a machine knows.

import { messages as m } from "../messages/common";

export function Problem({ error, again }: { error: Error | undefined; again?: () => void }) {
  if (error === undefined) return null;
  return (
    <p class="problem" role="alert">
      {error.message} {again !== undefined && <button type="button" onClick={again}>{m.again}</button>}
    </p>
  );
}
