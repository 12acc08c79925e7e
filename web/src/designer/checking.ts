// The findings about a model, as the server has them while it is drawn.

import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client";
import type { Finding } from "../api/schema";

const PAUSE_MS = 500;
export const ENDINGS = { process: "bpmn", decision: "dmn", form: "form" };

export type Kind = keyof typeof ENDINGS;

/** A file to upload, named so that the server knows what it is. */
export const fileOf = (content: string, kind: Kind): File =>
  new File([content], `draft.${ENDINGS[kind]}`, { type: "application/octet-stream" });

/** The findings about what is drawn now; undefined until the first are there. */
export function useFindings(content: string | undefined, kind: Kind): Finding[] | undefined {
  const [findings, setFindings] = useState<Finding[]>();
  useEffect(() => {
    if (content === undefined) return;
    let late = false;
    const timer = setTimeout(async () => {
      const body = new FormData();
      body.set("file", fileOf(content, kind));
      const told = await call("POST /api/v1/validate", { body }).catch(() => undefined);
      if (!late && told !== undefined) setFindings(told.findings);
    }, PAUSE_MS);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [content, kind]);
  return findings;
}
