// The texts of the home page.

import { messages as common } from "./common";

export const messages = {
  ...common,
  home: "Home",
  attention: "Needs attention",
  allWell: "All is well: nothing has failed and nothing is late.",
  overdue: "Overdue tasks",
  late: "Late timers",
  lateSince: "{element}, due {when}",
  incidents: "Incidents",
  ofInstances: ["in {n} instance", "in {n} instances"] as const,
  atElement: "at {element}",
  last: "last {when}",
  moreIncidents: "There are more than are looked at here.",
  workflows: "Workflows",
  metricsOf: "Metrics",
  latest: "Latest instances",
  openTasks: "Open tasks",
  noTasks: "Nobody has anything to do.",
  allTasks: "All tasks",
  welcome: "Nothing is deployed yet",
  firstSteps: "An example shows what there is: a request that a person approves or declines. It is deployed and started by one click, and you see it wait for you.",
  tryExample: "Deploy and start the example",
  orElse: "Or deploy a model of your own:",
  command: "penstock deploy model.bpmn",
};
