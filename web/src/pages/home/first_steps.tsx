// What a person sees of a server on which nothing is deployed: one click to something that runs.

import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { call } from "../../api/client";
import { messages as m } from "../../messages/home";
import { Problem } from "../../parts/problem";

export function FirstSteps() {
  const { route } = useLocation();
  const [error, setError] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const begin = async () => {
    setBusy(true);
    try {
      const { EXAMPLE } = await import("./example");
      const body = new FormData();
      body.append("file", new Blob([EXAMPLE.xml], { type: "application/xml" }), EXAMPLE.file);
      await call("POST /api/v1/deployments", { body });
      const { id } = await call("POST /api/v1/process-instances", { body: { processId: EXAMPLE.processId, variables: EXAMPLE.variables, wait: 2 } });
      route(`/instances/${id}`);
    } catch (failure) {
      setError(failure as Error);
      setBusy(false);
    }
  };
  return (
    <section class="card welcome">
      <h2>{m.welcome}</h2>
      <p>{m.firstSteps}</p>
      <Problem error={error} />
      <p class="acts"><button class="primary" disabled={busy} onClick={() => void begin()}>{m.tryExample}</button></p>
      <p class="faint">{m.orElse} <code>{m.command}</code></p>
    </section>
  );
}
