// What a page shows, kept as the server has it: loaded once, and again when a change concerns it.

import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { currentToken, tokenWanted, urlOf } from "./client";
import { type Change, openStream, type Told } from "./stream";

/** Whether the server answers, as far as is known. */
export const online = signal(true);

/** Loading again is put off until so long after the last time, however much changes. */
const LEAST_PAUSE_MS = 1_000;

const listeners = new Set<(told: Told) => void>();
let connect: ((token: string | null) => void) | undefined;

function hear(told: Told): void {
  const was = online.value;
  if (told.kind === "online") online.value = true;
  if (told.kind === "offline") online.value = false;
  if (told.kind === "denied") tokenWanted.value = true;
  for (const listener of listeners) listener(told.kind === "online" && !was ? { kind: "reset" } : told);
}

/** Begin to listen; again after another token has been given. */
export function listen(): void {
  const url = new URL(urlOf("GET /api/v1/events"), location.href).href;
  if (connect === undefined) {
    if ("SharedWorker" in globalThis) {
      const worker = new SharedWorker(new URL("./stream.worker.ts", import.meta.url), { type: "module" });
      worker.port.onmessage = ({ data }: MessageEvent<Told>) => hear(data);
      connect = (token) => worker.port.postMessage({ url, token });
    } else {
      let stop: (() => void) | undefined;
      connect = (token) => {
        stop?.();
        stop = openStream(url, token, hear);
      };
    }
  }
  connect(currentToken());
}

export interface Live<T> {
  value: T | undefined;
  error: Error | undefined;
  /** Look again now. */
  again: () => void;
}

/**
 * What `load` gives, loaded again when a change concerns it; `key` tells one question from another.
 * What is hidden from eyes is loaded when it is seen again.
 */
export function useLive<T>(load: () => Promise<T>, key: string, concerns: (change: Change) => boolean): Live<T> {
  const [state, setState] = useState<{ key: string; value?: T; error?: Error }>({ key });
  const latest = useRef({ load, concerns });
  latest.current = { load, concerns };
  const look = useRef<() => void>(() => {});

  useEffect(() => {
    let timer = 0;
    let turn = 0;
    let looked = 0;
    let stale = false;
    const now = async () => {
      const mine = ++turn;
      stale = false;
      looked = Date.now();
      try {
        const value = await latest.current.load();
        if (mine === turn) setState({ key, value });
      } catch (error) {
        if (mine === turn) setState((before) => ({ ...before, key, error: error as Error }));
      }
    };
    const soon = () => {
      stale = true;
      if (document.hidden) return;
      clearTimeout(timer);
      timer = setTimeout(() => void now(), Math.max(0, looked + LEAST_PAUSE_MS - Date.now())) as unknown as number;
    };
    const hears = (told: Told) => {
      if (told.kind === "reset" || (told.kind === "change" && latest.current.concerns(told.change))) soon();
    };
    const seen = () => !document.hidden && stale && soon();
    look.current = () => void now();
    listeners.add(hears);
    document.addEventListener("visibilitychange", seen);
    void now();
    return () => {
      turn = -1;
      clearTimeout(timer);
      listeners.delete(hears);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [key]);

  const fresh = state.key === key;
  return { value: fresh ? state.value : undefined, error: fresh ? state.error : undefined, again: () => look.current() };
}

/** Any instance, or what is deployed. */
export const anything = ({ instances, many, subjects }: Change): boolean =>
  many || instances.length > 0 || subjects.length > 0;

/** One of these instances. */
export const instance =
  (...ids: string[]) =>
  ({ instances, many }: Change): boolean =>
    many || instances.some((it) => ids.includes(it.id));

/** What is deployed. */
export const deployments = ({ subjects }: Change): boolean => subjects.includes("deployments");

/** Called at most once a second with what has changed since; with nothing where something was missed. */
export function useChanges(hear: (change: Change | undefined) => void): void {
  const latest = useRef(hear);
  latest.current = hear;
  useEffect(() => {
    let timer: number | undefined;
    let gathered: Change | undefined;
    let missed = false;
    const tell = () => {
      timer = undefined;
      latest.current(missed ? undefined : gathered);
      gathered = undefined;
      missed = false;
    };
    const hears = (told: Told) => {
      if (told.kind === "reset") missed = true;
      else if (told.kind === "change") gathered = gathered === undefined ? told.change : merged(gathered, told.change);
      else return;
      timer ??= setTimeout(tell, LEAST_PAUSE_MS) as unknown as number;
    };
    listeners.add(hears);
    return () => {
      clearTimeout(timer);
      listeners.delete(hears);
    };
  }, []);
}

/** Two changes as one; of an instance the later counts. */
export function merged(one: Change, other: Change): Change {
  const instances = new Map([...one.instances, ...other.instances].map((it) => [it.id, it]));
  return { instances: [...instances.values()], many: one.many || other.many, subjects: [...new Set([...one.subjects, ...other.subjects])] };
}
