// Every text of the application. Another language is another object of the same shape.

const en = {
  appName: "Penstock",
  skip: "Skip to the content",
  navigation: "Pages",
  home: "Home",
  instances: "Instances",
  api: "API",
  theme: "Theme",
  themes: { auto: "As the system", light: "Light", dark: "Dark" },
  notFound: "There is no such page.",
  loading: "Loading ...",
  again: "Try again",
  tokenNeeded: "This server asks for a token.",
  goOn: "Go on",
  attention: "Needs attention",
  allWell: "All is well: nothing has failed and nothing is late.",
  overdue: "Overdue",
  due: "due {when}",
  workflows: "Workflows",
  nothingDeployed: "Nothing is deployed yet. Deploy a model with `penstock deploy model.bpmn`.",
  latest: "Latest instances",
  noInstances: "There are no such instances.",
  openTasks: "Open tasks",
  noTasks: "Nobody has anything to do.",
  nobody: "nobody yet",
  start: "Start",
  startOf: "Start {name}",
  startTitle: "Start {name} {version}",
  cancelDialog: "Close",
  name: "Name",
  value: "Value",
  addVariable: "Add a variable",
  removeVariable: "Remove this variable",
  variablesHelp: "A value that is JSON counts as that: 5 is a number, \"5\" a text, true a truth.",
  variablesWrong: "The variable {name} is given twice.",
  businessKey: "Business key",
  workflow: "Workflow",
  any: "Any",
  state: "State",
  states: {
    active: "Active",
    incident: "Incident",
    completed: "Completed",
    cancelled: "Cancelled",
    suspended: "Suspended",
  },
  started: "Started",
  ended: "Ended",
  id: "Id",
  version: "Version",
  nextPage: "Next page",
  firstPage: "First page",
  clear: "Clear the filter",
  variableFilter: "Variable (name:value)",
  diagram: "Diagram",
  noDiagram: "This model cannot be drawn: {reason}",
  elements: "Elements",
  element: "Element",
  waitsHere: "waits here",
  done: "done",
  notReached: "not reached",
  times: "{n} times",
  incidents: "Incidents",
  noIncidents: "No incident is open.",
  detail: "Details",
  retry: "Retry",
  retryWith: "Variables to put right before it tries again",
  variables: "Variables",
  noVariables: "There are no variables.",
  timeline: "Timeline",
  cancel: "Cancel the instance",
  cancelSure: "Cancel this instance? What it has begun is given up, and that cannot be undone.",
  cancelYes: "Yes, cancel it",
  copyCurl: "Copy as curl",
  copied: "Copied",
};

export const messages = en;

/** A text with its `{places}` filled. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

const moments = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const numbers = new Intl.NumberFormat();

export const moment = (iso: string): string => moments.format(new Date(iso));
export const number = (n: number): string => numbers.format(n);
