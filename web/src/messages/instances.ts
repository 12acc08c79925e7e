// The texts of the list of instances.

import { messages as common } from "./common";

export const messages = {
  ...common,
  nextPage: "Next page",
  firstPage: "First page",
  clear: "Clear the filter",
  variableFilter: "Variable (name:value)",
};
