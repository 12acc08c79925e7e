// An act in a dialog: what it will do, the same as curl or Python, and what the server says against it.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Arguments, call, type Operation } from "../api/client";
import { recipes } from "../api/recipes";
import type { Operations } from "../api/schema";
import { messages as m } from "../messages/common";
import { CopyAs } from "./copy_as";
import { Dialog } from "./dialog";
import { Problem } from "./problem";

interface Props<O extends Operation> {
  title: string;
  /** The word on the button that does it. */
  yes: string;
  operation: O;
  /** What is sent; throws where what was filled in cannot be, and gives nothing where that is told already. */
  given: () => Arguments<O> | undefined;
  done: (reply: Operations[O]["reply"]) => void;
  /** Told what the server says against it, which stands here all the same. */
  failed?: (error: Error) => void;
  close: () => void;
  danger?: boolean;
  disabled?: boolean;
  kind?: "wide";
  children?: ComponentChildren;
}

export function Act<O extends Operation>({ title, yes, operation, given, done, failed, close, danger, disabled, kind, children }: Props<O>) {
  const [error, setError] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    try {
      const sent = given();
      if (sent !== undefined) return done(await call(operation, sent));
    } catch (failure) {
      setError(failure as Error);
      failed?.(failure as Error);
    }
    setBusy(false);
  };
  return (
    <Dialog title={title} close={close} {...(kind && { kind })}>
      <form
        onSubmit={(event) => { event.preventDefault(); void submit(); }}
        // In some fields Enter alone means something else.
        onKeyDown={(event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.currentTarget.requestSubmit()}
      >
        {children}
        <Problem error={error} />
        <p class="acts">
          <button class={danger ? "danger" : "primary"} disabled={busy || disabled}>{yes}</button>
          <button type="button" onClick={close}>{m.close}</button>
          <CopyAs recipes={() => recipes(operation, given() ?? {})} />
        </p>
      </form>
    </Dialog>
  );
}
