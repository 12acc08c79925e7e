// Where each kind of file is drawn, and what is called what there.

import { messages as m } from "../messages/designer";
import type { Kind } from "./checking";

interface Place {
  path: string;
  title: string;
  begin: string;
  none: string;
  deployed: string;
}

export const PLACES: Record<Kind, Place> = {
  process: { path: "/designer", title: m.designer, begin: m.newProcess, none: m.noDrafts, deployed: m.deployedProcesses },
  decision: { path: "/decisions", title: m.decisions, begin: m.newDecision, none: m.noDecisionDrafts, deployed: m.deployedDecisions },
  form: { path: "/forms", title: m.forms, begin: m.newForm, none: m.noFormDrafts, deployed: m.deployedForms },
};

export const draftAt = (kind: Kind, id: string): string => `${PLACES[kind].path}/${id}`;
export const versionsAt = (kind: Kind, id: string): string => `${PLACES[kind].path}/versions/${encodeURIComponent(id)}`;
