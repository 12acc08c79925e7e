// A file that is only looked at, of each kind: one side of a comparison, or what somebody else edits.

import { lazy } from "preact-iso";
import type { Difference } from "./differences";

export interface SideProps {
  content: string;
  differences: Difference[];
  chosen: string | undefined;
  choose: (id: string) => void;
}

export const SIDES = {
  process: lazy(() => import("./comparison_side").then((it) => it.Side)),
  decision: lazy(() => import("./decision_side").then((it) => it.DecisionSide)),
  form: lazy(() => import("./form_side").then((it) => it.FormSide)),
};
