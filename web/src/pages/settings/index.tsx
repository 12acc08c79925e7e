// The server: its health, its workers, its settings, its functions, and what users did.

import { useLocation } from "preact-iso";
import type { ComponentType } from "preact";
import { messages as m } from "../../messages/settings";
import { Audit } from "./audit";
import { Configuration } from "./configuration";
import { Functions } from "./functions";
import { Server } from "./server";
import { Workers } from "./workers";

type Tab = keyof typeof m.tabs;
const TABS: Record<Tab, ComponentType> = { server: Server, workers: Workers, functions: Functions, configuration: Configuration, audit: Audit };

export function Settings() {
  const { query } = useLocation();
  const tab = ((query["tab"] ?? "") in TABS ? query["tab"] : "server") as Tab;
  const Shown = TABS[tab];
  return (
    <>
      <h1>{m.settings}</h1>
      <nav class="tabs" aria-label={m.settings}>
        {(Object.keys(TABS) as Tab[]).map((it) => (
          <a key={it} href={`/settings?tab=${it}`} aria-current={it === tab ? "page" : undefined}>{m.tabs[it]}</a>
        ))}
      </nav>
      <Shown />
    </>
  );
}
