// The texts of the tasks.

import { messages as common } from "./common";

export const messages = {
  ...common,
  tasks: "Tasks",
  shown: "Shown",
  taskViews: { all: "All that are open", mine: "Mine", unassigned: "Nobody's yet" },
  you: "Your user name",
  sayWho: "Say first who you are.",
  claim: "Claim",
  giveBack: "Give back",
  complete: "Complete",
  toInstance: "the instance",
  openTasks: "Open tasks",
  noTasks: "Nobody has anything to do.",
};
