// The pages: each at its address, with the name under which the shell shows it and the key that goes there.
// The server gives the document at these addresses; `PAGES` in `penstock/api/web.py` names them too.

import { lazy } from "preact-iso";
import type { ComponentType } from "preact";
import { messages as m } from "./messages/shell";
import type { IconName } from "./parts/icons";

export interface PageLink {
  path: string;
  name: string;
  icon: IconName;
  /** Pressed after `g`, it goes there. */
  key: string;
}

export const LINKS: PageLink[] = [
  { path: "/", name: m.home, icon: "home", key: "h" },
  { path: "/instances", name: m.instances, icon: "instances", key: "i" },
  { path: "/tasks", name: m.tasks, icon: "tasks", key: "t" },
  { path: "/designer", name: m.designer, icon: "designer", key: "d" },
  { path: "/decisions", name: m.decisions, icon: "decisions", key: "e" },
  { path: "/forms", name: m.forms, icon: "forms", key: "f" },
  // `/metrics` is what Prometheus asks for.
  { path: "/insights", name: m.metrics, icon: "metrics", key: "m" },
  { path: "/settings", name: m.settings, icon: "settings", key: "s" },
];

export const ROUTES: { path: string; component: ComponentType<{ id?: string }> }[] = [
  { path: "/", component: lazy(() => import("./pages/home/index").then((it) => it.Home)) },
  { path: "/instances", component: lazy(() => import("./pages/instances/index").then((it) => it.Instances)) },
  { path: "/instances/:id", component: lazy(() => import("./pages/instance/index").then((it) => it.Instance)) },
  { path: "/insights", component: lazy(() => import("./pages/metrics/index").then((it) => it.Metrics)) },
  { path: "/settings", component: lazy(() => import("./pages/settings/index").then((it) => it.Settings)) },
  { path: "/tasks", component: lazy(() => import("./pages/tasks").then((it) => it.Tasks)) },
  { path: "/designer", component: lazy(() => import("./pages/designer").then((it) => it.Designer)) },
  { path: "/designer/versions/:id", component: lazy(() => import("./pages/versions").then((it) => it.Versions)) },
  { path: "/designer/:id", component: lazy(() => import("./pages/draft").then((it) => it.DraftPage)) },
  { path: "/decisions", component: lazy(() => import("./pages/designer").then((it) => it.Decisions)) },
  { path: "/decisions/versions/:id", component: lazy(() => import("./pages/versions").then((it) => it.DecisionVersions)) },
  { path: "/decisions/:id", component: lazy(() => import("./pages/draft").then((it) => it.DraftPage)) },
  { path: "/forms", component: lazy(() => import("./pages/designer").then((it) => it.Forms)) },
  { path: "/forms/versions/:id", component: lazy(() => import("./pages/versions").then((it) => it.FormVersions)) },
  { path: "/forms/:id", component: lazy(() => import("./pages/draft").then((it) => it.DraftPage)) },
];
