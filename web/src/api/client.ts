// The one way in which the application asks the server.

import { signal } from "@preact/signals";
import type { Operations } from "./schema";

export type Operation = keyof Operations;
export type Arguments<O extends Operation> = Partial<Pick<Operations[O], "path" | "query" | "body">>;

const TOKEN = "token";

/** Whether the server asks for a token that it has not been shown. */
export const tokenWanted = signal(false);

/** What the server refused; the message says why and what to do. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** Where a form does not accept what was entered: each value at fault. */
    readonly fields: { path: string; message: string }[] = [],
  ) {
    super(message);
  }
}

/** The server did not answer at all. */
export class Unreachable extends Error {}

export function showToken(token: string): void {
  sessionStorage.setItem(TOKEN, token);
  tokenWanted.value = false;
}

export const currentToken = (): string | null => sessionStorage.getItem(TOKEN);
export const hasToken = (): boolean => currentToken() !== null;

/** The path and query of an operation. */
export function urlOf<O extends Operation>(operation: O, given: Arguments<O> = {}): string {
  const values = (given.path ?? {}) as Record<string, string>;
  const path = operation
    .slice(operation.indexOf(" ") + 1)
    .replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given.query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== "") query.append(name, String(one));
    }
  }
  return query.size ? `${path}?${query}` : path;
}

/** Ask the server, and give the reply to a success; throws `Refused` or `Unreachable`. */
export async function call<O extends Operation>(
  operation: O,
  given: Arguments<O> = {},
): Promise<Operations[O]["reply"]> {
  const headers = new Headers();
  const token = currentToken();
  if (token !== null) headers.set("Authorization", `Bearer ${token}`);
  const { body } = given;
  // The browser says of a form by itself what it is and where its parts end.
  const form = body instanceof FormData;
  if (body !== undefined && !form) headers.set("Content-Type", "application/json");
  const method = operation.slice(0, operation.indexOf(" "));
  let reply: Response;
  try {
    reply = await fetch(urlOf(operation, given), { method, headers, body: form ? body : body === undefined ? null : JSON.stringify(body) });
  } catch (error) {
    throw new Unreachable("The server does not answer.", { cause: error });
  }
  if (reply.status === 401) tokenWanted.value = true;
  if (!reply.ok) throw await refusal(reply);
  const json = reply.headers.get("content-type")?.startsWith("application/json") ?? false;
  return (await (json ? reply.json() : reply.text())) as Operations[O]["reply"];
}

async function refusal(reply: Response): Promise<Refused> {
  const text = await reply.text();
  try {
    const { message, fields } = JSON.parse(text) as { message: string; fields?: Refused["fields"] };
    return new Refused(reply.status, message, fields);
  } catch {
    return new Refused(reply.status, text || reply.statusText);
  }
}
