// The shell: the pages' links, the theme, what holds for every page, and the page that the address names.

import { useEffect, useErrorBoundary } from "preact/hooks";
import { LocationProvider, Route, Router, useLocation } from "preact-iso";
import type { ComponentChildren } from "preact";
import { call, showToken, tokenWanted } from "./api/client";
import { listen, online } from "./api/live";
import { fill } from "./format";
import { messages as m } from "./messages/shell";
import { LINKS, ROUTES } from "./pages";
import { Icon } from "./parts/icons";
import { Keys, useKeys } from "./shell/keys";
import { theme, type Theme } from "./theme";

export function App() {
  const [open, setOpen] = useKeys();
  return (
    <LocationProvider>
      <a class="skip" href="#content">{m.skip}</a>
      <Side find={() => setOpen("palette")} keys={() => setOpen("help")} />
      <main id="content" tabIndex={-1}>
        {!online.value && <p class="banner" role="status">{m.offline}</p>}
        {tokenWanted.value ? <TokenForm /> : <Page />}
      </main>
      <Keys open={open} setOpen={setOpen} />
    </LocationProvider>
  );
}

function Page() {
  const { path } = useLocation();
  return (
    <Safe path={path}>
      <Router>
        {ROUTES.map((it) => <Route key={it.path} path={it.path} component={it.component} />)}
        <Route default component={NotFound} />
      </Router>
    </Safe>
  );
}

/** A page that fails says so, and the others stay within reach. */
function Safe({ path, children }: { path: string; children: ComponentChildren }) {
  const [error, reset] = useErrorBoundary();
  useEffect(() => {
    if (error !== undefined) reset();
  }, [path]);
  if (error === undefined) return <>{children}</>;
  return (
    <>
      <p class="problem" role="alert">{fill(m.failed, { reason: String((error as Error).message ?? error) })}</p>
      <button onClick={reset}>{m.again}</button>
    </>
  );
}

function Side({ find, keys }: { find: () => void; keys: () => void }) {
  const { path } = useLocation();
  const current = (to: string) => (to === "/" ? path === to : path.startsWith(to)) || undefined;
  return (
    <header class="side">
      <a class="brand" href="/"><img src="/pages/icon.svg" alt="" width="22" height="22" /> {m.appName}</a>
      <button class="find" onClick={find}><Icon name="search" /><span>{m.search}</span><kbd>Ctrl K</kbd></button>
      <nav aria-label={m.navigation}>
        {LINKS.map(({ path: to, name, icon }) => (
          <a key={to} href={to} aria-current={current(to) && "page"}><Icon name={icon} /><span>{name}</span></a>
        ))}
        <a href="/docs" target="_self"><Icon name="api" /><span>{m.api}</span></a>
      </nav>
      <div class="foot">
        <label class="theme">
          <span>{m.theme}</span>
          <select value={theme.value} onChange={(event) => (theme.value = event.currentTarget.value as Theme)}>
            {(["auto", "light", "dark"] as const).map((one) => <option key={one} value={one}>{m.themes[one]}</option>)}
          </select>
        </label>
        <button class="quiet" onClick={keys} aria-label={m.shortcuts} title={m.shortcuts}>?</button>
      </div>
    </header>
  );
}

function TokenForm() {
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const field = new FormData(event.currentTarget as HTMLFormElement).get("token");
    showToken(String(field));
    await call("GET /api/v1/processes", { query: { limit: 1 } }).then(listen, () => undefined);
  };
  return (
    <form class="card" onSubmit={submit}>
      <label>{m.tokenNeeded} <input name="token" type="password" autocomplete="off" required /></label>
      <p class="faint">{m.tokenHelp}</p>
      <button class="primary">{m.goOn}</button>
    </form>
  );
}

function NotFound() {
  return <h1>{m.notFound}</h1>;
}
