// The shell: the pages' links, the theme, and the page that the address names.

import { ErrorBoundary, lazy, LocationProvider, Route, Router, useLocation } from "preact-iso";
import { call, showToken, tokenWanted } from "./api/client";
import { messages as m } from "./messages";
import { Home } from "./pages/home";
import { Instances } from "./pages/instances";
import { Tasks } from "./pages/tasks";
import { theme, type Theme } from "./theme";

const Instance = lazy(() => import("./pages/instance").then((module) => module.Instance));

export function App() {
  return (
    <LocationProvider>
      <a class="skip" href="#content">{m.skip}</a>
      <Side />
      <main id="content" tabIndex={-1}>
        {tokenWanted.value ? (
          <TokenForm />
        ) : (
          <ErrorBoundary>
            <Router>
              <Route path="/" component={Home} />
              <Route path="/instances" component={Instances} />
              <Route path="/instances/:id" component={Instance} />
              <Route path="/tasks" component={Tasks} />
              <Route default component={NotFound} />
            </Router>
          </ErrorBoundary>
        )}
      </main>
    </LocationProvider>
  );
}

function Side() {
  const { path } = useLocation();
  const link = (to: string, text: string) => (
    <a href={to} aria-current={(to === "/" ? path === to : path.startsWith(to)) ? "page" : undefined}>{text}</a>
  );
  return (
    <header class="side">
      <a class="brand" href="/"><img src="/pages/icon.svg" alt="" width="22" height="22" /> {m.appName}</a>
      <nav aria-label={m.navigation}>
        {link("/", m.home)}
        {link("/instances", m.instances)}
        {link("/tasks", m.tasks)}
        <a href="/docs" target="_self">{m.api}</a>
      </nav>
      <label class="theme">
        <span>{m.theme}</span>
        <select value={theme.value} onChange={(event) => (theme.value = event.currentTarget.value as Theme)}>
          {(["auto", "light", "dark"] as const).map((one) => <option key={one} value={one}>{m.themes[one]}</option>)}
        </select>
      </label>
    </header>
  );
}

function TokenForm() {
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const field = new FormData(event.currentTarget as HTMLFormElement).get("token");
    showToken(String(field));
    await call("GET /api/v1/processes", { query: { limit: 1 } }).catch(() => undefined);
  };
  return (
    <form class="card" onSubmit={submit}>
      <label>{m.tokenNeeded} <input name="token" type="password" autocomplete="off" required /></label>
      <button class="primary">{m.goOn}</button>
    </form>
  );
}

function NotFound() {
  return <h1>{m.notFound}</h1>;
}
