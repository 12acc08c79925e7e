// A request, written as a command line and as a program.

import { type Arguments, hasToken, type Operation, urlOf } from "./client";
import type { Recipes } from "../parts/copy_as";

/** The request of an operation in each form. */
export function recipes<O extends Operation>(operation: O, given: Arguments<O> = {}): Recipes {
  const method = operation.slice(0, operation.indexOf(" "));
  const url = location.origin + urlOf(operation, given);
  return { curl: asCurl(method, url, given.body), python: asPython(method, url, given.body) };
}

export function asCurl(method: string, url: string, body: unknown, token = hasToken()): string {
  const lines = [`curl -X ${method} ${quoted(url)}`];
  if (token) lines.push('  -H "Authorization: Bearer $TOKEN"');
  if (body !== undefined) lines.push("  -H 'Content-Type: application/json'", `  -d ${quoted(JSON.stringify(body))}`);
  return lines.join(" \\\n");
}

export function asPython(method: string, url: string, body: unknown, token = hasToken()): string {
  const lines = ["import httpx2", ""];
  if (token) lines.unshift("import os");
  const options = [JSON.stringify(method), JSON.stringify(url)];
  if (token) options.push('headers={"Authorization": f"Bearer {os.environ[\'TOKEN\']}"}');
  if (body !== undefined) options.push(`json=${pythonOf(body)}`);
  lines.push("reply = httpx2.request(", ...options.map((it) => `    ${it},`), ")", "reply.raise_for_status()", "print(reply.json())");
  return lines.join("\n");
}

/** A JSON value as Python writes it. */
export function pythonOf(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) return `[${value.map(pythonOf).join(", ")}]`;
  if (typeof value === "object") {
    const items = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{${items.map(([name, item]) => `${JSON.stringify(name)}: ${pythonOf(item)}`).join(", ")}}`;
  }
  return JSON.stringify(value);
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
