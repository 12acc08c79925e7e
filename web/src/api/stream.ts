// The stream of changes from the server: read, kept alive, and taken up again where it was cut off.

export interface Change {
  instances: { id: string; processId: string; status: string; seq: number }[];
  /** Whether more instances have changed than are named. */
  many: boolean;
  subjects: string[];
}

export type Told =
  | { kind: "change"; change: Change }
  /** Something has been missed: look at everything anew. */
  | { kind: "reset" }
  | { kind: "online" }
  | { kind: "offline" }
  /** The server asks for another token. */
  | { kind: "denied" };

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** Without a sign of life for so long, the connection counts as dead; the server gives one every 15 s. */
const SILENCE_MS = 40_000;

/** Read the stream until it is told to stop; gives how to stop it. */
export function openStream(url: string, token: string | null, tell: (told: Told) => void): () => void {
  const stopping = new AbortController();
  void follow(url, token, tell, stopping.signal);
  return () => stopping.abort();
}

async function follow(url: string, token: string | null, tell: (told: Told) => void, stop: AbortSignal): Promise<void> {
  let last: string | undefined;
  let pause = FIRST_PAUSE_MS;
  while (!stop.aborted) {
    const attempt = new AbortController();
    const end = () => attempt.abort();
    stop.addEventListener("abort", end);
    const watchdog = new Watchdog(end);
    try {
      const headers = new Headers({ Accept: "text/event-stream" });
      if (token !== null) headers.set("Authorization", `Bearer ${token}`);
      if (last !== undefined) headers.set("Last-Event-ID", last);
      const reply = await fetch(url, { headers, signal: attempt.signal, cache: "no-store" });
      if (reply.status === 401) {
        tell({ kind: "denied" });
        return;
      }
      if (!reply.ok || reply.body === null) throw new Error(reply.statusText);
      tell({ kind: "online" });
      pause = FIRST_PAUSE_MS;
      for await (const event of eventsOf(reply.body, () => watchdog.feed())) {
        last = event.id ?? last;
        if (event.name === "change") tell({ kind: "change", change: JSON.parse(event.data) as Change });
        if (event.name === "reset") tell({ kind: "reset" });
      }
    } catch {
      // Whatever cut it off, it is taken up again after a pause.
    } finally {
      watchdog.end();
      stop.removeEventListener("abort", end);
    }
    if (stop.aborted) return;
    tell({ kind: "offline" });
    await new Promise((done) => setTimeout(done, pause * (0.5 + Math.random() / 2)));
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

class Watchdog {
  #timer = 0;
  constructor(private readonly bark: () => void) {
    this.feed();
  }
  feed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.bark, SILENCE_MS) as unknown as number;
  }
  end(): void {
    clearTimeout(this.#timer);
  }
}

export interface ServerEvent {
  name: string;
  data: string;
  id: string | undefined;
}

/** The events of a body; `alive` is called for whatever comes, heartbeats too. */
export async function* eventsOf(body: ReadableStream<Uint8Array>, alive: () => void): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    alive();
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop()!;
    for (const block of blocks) {
      const event = parsed(block);
      if (event !== undefined) yield event;
    }
  }
}

function parsed(block: string): ServerEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trimStart());
  }
  const name = fields.get("event");
  return name === undefined ? undefined : { name, data: fields.get("data") ?? "", id: fields.get("id") };
}
