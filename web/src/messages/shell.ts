// The texts of the shell around the pages.

import { messages as common } from "./common";

export const messages = {
  ...common,
  skip: "Skip to the content",
  navigation: "Pages",
  home: "Home",
  tasks: "Tasks",
  designer: "Designer",
  decisions: "Decisions",
  forms: "Forms",
  metrics: "Metrics",
  settings: "Settings",
  api: "API",
  theme: "Theme",
  themes: { auto: "As the system", light: "Light", dark: "Dark" },
  notFound: "There is no such page.",
  tokenNeeded: "This server asks for a token.",
  tokenHelp: "Whoever runs the server has it. It is kept until this tab is closed.",
  goOn: "Go on",
  offline: "The server does not answer. What you see may be out of date; it is asked again by itself.",
  failed: "This page has failed: {reason}",
  search: "Search",
  palette: "Go to a page, a workflow or an instance",
  paletteHint: "Type to find; paste the id of an instance to open it.",
  paletteInstance: "Open the instance {id}",
  paletteList: "Instances of {name}",
  nothingFound: "Nothing is found.",
  shortcuts: "Keys",
  shortcutsOf: {
    palette: "Find and go",
    help: "These keys",
    goto: "Go to {page}",
    replay: "In the replay: one step back or on",
    escape: "Close a dialog",
  },
};
