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
  /** What the server does not accept, by the paths of the values. */
  refused?: { path: string; message: string }[];
}

export function Form({ schema, values, ready, changed, refused }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"loading" | "shown" | Error>("loading");
  const shown = useRef<Viewer>();
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
      shown.current = viewer;
      ready(() => submitted(viewer!));
      setState("shown");
    };
    show().catch((error: unknown) => setState(error as Error));
    return () => {
      gone = true;
      viewer?.destroy();
    };
  }, [schema]);

  useEffect(() => {
    if (shown.current !== undefined && refused !== undefined && refused.length > 0) showAt(shown.current, refused);
  }, [refused]);

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

interface Instances {
  getAllKeyed(): { id: string; valuePath: (string | number)[]; indexes?: Record<string, number> }[];
}
/** What the viewer keeps: by the id of a field and the places in the lists around it, what is wrong there. */
type Errors = { [step: string]: Errors | string[] };

/** Say at each field what the server has against it; in a list it counts from 1. */
function showAt(viewer: Viewer, refused: { path: string; message: string }[]): void {
  const said = new Map(refused.map(({ path, message }) => [path.replace(/\[(\d+)\]/g, (_, n: string) => `.${Number(n) - 1}`), message]));
  const errors: Errors = {};
  for (const { id, valuePath, indexes } of viewer.get<Instances>("formFieldInstanceRegistry").getAllKeyed()) {
    const message = said.get(valuePath.join("."));
    if (message === undefined) continue;
    const steps = [id, ...Object.values(indexes ?? {})].map(String);
    let at = errors;
    for (const step of steps.slice(0, -1)) at = (at[step] ??= {}) as Errors;
    at[steps.at(-1)!] = [message];
  }
  viewer._setState({ errors });
}
