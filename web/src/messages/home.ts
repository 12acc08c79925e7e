// The texts of the home page.

import { messages as common } from "./common";

export const messages = {
  ...common,
  home: "Home",
  attention: "Needs attention",
  allWell: "All is well: nothing has failed and nothing is late.",
  overdue: "Overdue",
  workflows: "Workflows",
  nothingDeployed: "Nothing is deployed yet. Deploy a model with `penstock deploy model.bpmn`.",
  latest: "Latest instances",
  openTasks: "Open tasks",
  noTasks: "Nobody has anything to do.",
};
