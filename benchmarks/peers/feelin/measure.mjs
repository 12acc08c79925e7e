// feelin, the FEEL interpreter of the bpmn.io toolkit, on the shared condition.
// Run where feelin is installed: `node measure.mjs SECONDS TEXT VARIABLES`. `evaluate` takes text and parses
// it each time, since the library has no compiled form; parsing alone is timed too.

import { evaluate, parseExpression } from "feelin";

const BATCH_SECONDS = 0.002;
const [seconds, text, variables] = [Number(process.argv[2]), process.argv[3], JSON.parse(process.argv[4])];

function time(run, count) {
  const began = process.hrtime.bigint();
  for (let call = 0; call < count; call++) run();
  return Number(process.hrtime.bigint() - began) / 1e9;
}

function best(run) {
  let count = 1;
  while (time(run, count) < BATCH_SECONDS) count *= 2;
  let found = Infinity;
  const ends = performance.now() + seconds * 1000;
  while (performance.now() < ends) found = Math.min(found, (time(run, count) / count) * 1e6);
  return found;
}

function emit(workload, microseconds) {
  console.log(JSON.stringify({ kind: "timing", peer: "feelin (Node)", workload, microseconds }));
}

if (evaluate(text, variables).value !== true) throw new Error("the condition is not true");
emit("condition", best(() => evaluate(text, variables)));
emit("parse", best(() => parseExpression(text, variables)));
