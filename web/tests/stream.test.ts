import { expect, test } from "vitest";
import { eventsOf, type ServerEvent } from "../src/api/stream";

async function read(...pieces: string[]): Promise<[ServerEvent[], number]> {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(encoder.encode(piece));
      controller.close();
    },
  });
  const found: ServerEvent[] = [];
  let alive = 0;
  for await (const event of eventsOf(body, () => alive++)) found.push(event);
  return [found, alive];
}

test("an event that comes in pieces is one event", async () => {
  const [events] = await read("retry: 2000\n\nid: 7\nevent: cha", 'nge\ndata: {"a": "b: c"}\n\nid: 8\nevent: x');
  expect(events).toEqual([{ name: "change", data: '{"a": "b: c"}', id: "7" }]);
});

test("a heartbeat is a sign of life and no event", async () => {
  const [events, alive] = await read(": alive\n\n", ": alive\n\n");
  expect(events).toEqual([]);
  expect(alive).toBe(2);
});
