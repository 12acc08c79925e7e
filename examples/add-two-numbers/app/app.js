// Starts the workflow through the App API, and shows its instance until it has ended.

const MODEL = "/domo/workflow/v1/models/addTwoNumbers";
const INSTANCES = "/api/v1/process-instances";
const POLL_MS = 250;
const ENDED = new Set(["COMPLETED", "CANCELED"]);
const WORDS = {
  IN_PROGRESS: "In progress",
  COMPLETED: "Completed",
  CANCELED: "Canceled",
  FAILED: "Failed: it waits to be repaired",
};

const form = document.getElementById("form");
const button = form.querySelector("button");
const part = (id) => document.getElementById(id);

let latest = 0; // Only the latest start may write to the page.

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const turn = ++latest;
  button.disabled = true;
  part("problem").hidden = true;
  try {
    const instance = await start(new FormData(form));
    button.disabled = false;
    await follow(instance, turn);
  } catch (error) {
    if (turn === latest) tell(error.message);
  } finally {
    button.disabled = false;
  }
});

function start(fields) {
  const body = {
    firstNumber: Number(fields.get("firstNumber")),
    secondNumber: Number(fields.get("secondNumber")),
  };
  return ask(`${MODEL}/start`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function follow(instance, turn) {
  show(instance, "…");
  while (!ENDED.has(instance.status)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    instance = await ask(`${MODEL}/instance/${instance.id}`);
    if (turn !== latest) return;
    show(instance, "…");
  }
  const { variables } = await ask(`${INSTANCES}/${instance.id}`);
  if (turn === latest) show(instance, variables.sum ?? "–");
}

async function ask(url, options) {
  const reply = await fetch(url, options);
  const body = await reply.json();
  if (!reply.ok) throw new Error(body.message);
  return body;
}

function show(instance, sum) {
  part("instance").hidden = false;
  part("sum").textContent = sum;
  part("status").dataset.status = instance.status;
  part("status").textContent = WORDS[instance.status] ?? "Accepted";
  part("workflow").textContent = `${instance.modelName} ${instance.modelVersion}`;
  part("started").dateTime = instance.createdOn;
  part("started").textContent = new Date(instance.createdOn).toLocaleString();
  part("id").textContent = instance.id;
}

function tell(message) {
  part("problem").hidden = false;
  part("problem").textContent = message;
}
