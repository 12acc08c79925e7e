// A form of form-js that a person fills in; the server checks again what comes of it.

import type { Form as Viewer } from "@bpmn-io/form-js-viewer";
import { useEffect, useRef, useState } from "preact/hooks";
import { messages as m } from "../messages/common";
import { Problem } from "./problem";

export type Schema = Record<string, unknown>;
export type Values = Record<string, unknown>;

/** Gives what was entered, or nothing where the form does not accept it and says why beside the fields. */
export type Submit = () => Values | undefined;

interface Props {
  schema: Schema;
  /** What the form is filled from. */
  values: Values;
  /** Told how to submit once the form is there. */
  ready: (submit: Submit) => void;
  /** Told of what is entered as it is entered. */
  changed?: (values: Values) => void;
}

export function Form({ schema, values, ready, changed }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"loading" | "shown" | Error>("loading");
  const told = useRef(changed);
  told.current = changed;

  useEffect(() => {
    let viewer: Viewer | undefined;
    let gone = false;
    const show = async () => {
      const { createForm } = await import("./form_viewer");
      if (gone) return;
      // Without its pause after each key, what was typed last is there when a person submits at once.
      const options = { container: box.current!, schema, data: structuredClone(values), debounce: false };
      viewer = await createForm(options);
      if (gone) return viewer.destroy();
      viewer.on("changed", ({ data }: { data: Values }) => told.current?.(data));
      ready(() => submitted(viewer!));
      setState("shown");
    };
    show().catch((error: unknown) => setState(error as Error));
    return () => {
      gone = true;
      viewer?.destroy();
    };
  }, [schema]);

  return (
    <div class="form">
      {state === "loading" && <p class="faint">{m.loading}</p>}
      {state instanceof Error && <Problem error={state} />}
      <div ref={box} />
    </div>
  );
}

function submitted(viewer: Viewer): Values | undefined {
  const { data, errors } = viewer.submit() as { data: Values; errors: object };
  if (Object.keys(errors).length === 0) return data;
  // The first field at fault is where a person goes on.
  document.querySelector<HTMLElement>(".form .fjs-has-errors input, .form .fjs-has-errors textarea")?.focus();
  return undefined;
}
