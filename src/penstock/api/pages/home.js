// The home page: asks the API every few seconds for what is going on, as long as somebody looks.

const PAUSE_MS = 3000;
const SHOWN = 12;

const byId = (id) => document.getElementById(id);

async function get(path) {
  const token = sessionStorage.getItem("token");
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const reply = await fetch(path, { headers });
  const body = await reply.json();
  if (!reply.ok) throw Object.assign(new Error(body.message), { status: reply.status });
  return body;
}

function element(tag, text, className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

function row(...cells) {
  const made = document.createElement("tr");
  made.append(...cells);
  return made;
}

function named(name, version) {
  const made = element("td", `${name} `);
  made.append(element("span", version, "faint"));
  return made;
}

function item(title, detail) {
  const made = element("li", title);
  made.append(element("div", detail, "faint"));
  return made;
}

function fill(id, shown, nothing) {
  const list = byId(id);
  if (shown.length > 0) {
    list.replaceChildren(...shown);
  } else if (list.tagName === "TBODY") {
    const cell = element("td", nothing, "faint");
    cell.colSpan = 9;
    list.replaceChildren(row(cell));
  } else {
    list.replaceChildren(element("li", nothing, "faint"));
  }
}

const moment = (text) => new Date(text).toLocaleString(undefined, { dateStyle: "short", timeStyle: "medium" });

function stateOf(instance) {
  return instance.incidents > 0 && instance.state === "active" ? "incident" : instance.state;
}

function showWorkflows(workflows) {
  const rows = workflows.map((it) =>
    row(
      named(it.name, it.version),
      ...["active", "incident", "completed", "cancelled"].map((state) => element("td", it[state], "number")),
    ),
  );
  fill("workflows", rows, "Nothing is deployed yet. Try: penstock deploy model.bpmn");
}

function showInstances(instances) {
  const rows = instances.map((it) => {
    const state = element("td", "");
    state.append(element("span", stateOf(it), `state ${stateOf(it)}`));
    return row(
      state,
      named(it.processId, it.version),
      element("td", moment(it.startedAt), "moment"),
      element("td", it.id, "id"),
    );
  });
  fill("instances", rows, "No instance has been started yet.");
}

async function refresh() {
  const [summary, instances, tasks, incidents] = await Promise.all([
    get("/api/v1/processes"),
    get(`/api/v1/process-instances?limit=${SHOWN}`),
    get(`/api/v1/tasks?state=open&limit=${SHOWN}`),
    get(`/api/v1/incidents?limit=${SHOWN}`),
  ]);
  showWorkflows(summary.items);
  showInstances(instances.items);
  fill("tasks", tasks.items.map((it) => item(it.name, it.assignee ?? "nobody yet")), "Nobody has anything to do.");
  fill("incidents", incidents.items.map((it) => item(it.message, `${it.type} at ${it.element}`)), "All is well.");
}

async function tick() {
  if (document.hidden) return;
  try {
    await refresh();
    byId("problem").hidden = true;
    byId("token-form").hidden = true;
  } catch (error) {
    byId("token-form").hidden = error.status !== 401;
    byId("problem").hidden = error.status === 401;
    byId("problem").textContent = error.status ? error.message : "The server does not answer.";
  }
}

async function keepLooking() {
  await tick();
  setTimeout(keepLooking, PAUSE_MS);
}

byId("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", byId("token").value);
  tick();
});
document.addEventListener("visibilitychange", tick);
get("/version").then(({ version }) => {
  byId("version").textContent = version;
});
keepLooking();
