// Calls the toolkit's WorkflowClient for a test: a line of JSON in, {method, args}; a line out,
// {resolved} or {rejected}. The toolkit is written for browsers, so jsdom lends it what a page has.

const readline = require("node:readline");
const { JSDOM } = require("jsdom");

const base = process.argv[2];
const { window } = new JSDOM("", { url: base });
const nodeFetch = globalThis.fetch;

Object.assign(globalThis, {
  window,
  self: window,
  document: window.document,
  location: window.location,
  XMLHttpRequest: window.XMLHttpRequest,
  File: window.File,
  FormData: window.FormData,
  Blob: window.Blob,
  fetch: (url, options) => nodeFetch(new URL(url, base), options),
});
window.fetch = globalThis.fetch;

const { WorkflowClient } = require("@domoinc/toolkit");

async function answer(line) {
  const { method, args } = JSON.parse(line);
  try {
    return { resolved: await WorkflowClient[method](...args) };
  } catch (error) {
    return { rejected: { message: error.message, ...error } };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await answer(line)));
  }
})();
