// The texts of the page of one instance.

import { messages as common } from "./common";

export const messages = {
  ...common,
  waitsHere: "waits here",
  done: "done",
  notReached: "not reached",
  times: "{n} times",
  incidents: "Incidents",
  detail: "Details",
  retry: "Retry",
  retryWith: "Variables to put right before it tries again",
  noVariables: "There are no variables.",
  timeline: "Timeline",
  cancel: "Cancel the instance",
  cancelSure: "Cancel this instance? What it has begun is given up, and that cannot be undone.",
  cancelYes: "Yes, cancel it",
};
