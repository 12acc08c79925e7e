// A draft that is open: read, saved as it changes, and brought together with what others have done to it.

import { useCallback, useEffect, useReducer, useRef, useState } from "preact/hooks";
import { call, Refused, Unreachable } from "../api/client";
import type { Draft, DraftWithContent } from "../api/schema";
import { messages as m } from "../messages/designer";
import { editorName, holder } from "./editor_name";
import { keep, kept, letGo } from "./kept";
import { after, type Happening, opened, type Saving, type Version, wantsToSend } from "./saving";

const PAUSE_MS = 700;
const AGAIN_MS = 3_000;
const LOCK_MS = 20_000;
const CONFLICT = 409;
const LOCKED = 423;

export interface OpenDraft {
  draft: DraftWithContent;
  saving: Saving;
  /** The name of whoever else edits it. */
  lockedBy: string | undefined;
  /** When what was not saved the last time was kept, ISO 8601. */
  restored: string | undefined;
  /** Why the server does not take the draft as it is. */
  refusal: Error | undefined;
  change: (mine: Version) => void;
  keepMine: () => void;
  takeTheirs: () => void;
  takeOver: () => void;
}

export function useDraft(id: string): { open: OpenDraft | undefined; error: Error | undefined } {
  const [draft, setDraft] = useState<DraftWithContent>();
  const [error, setError] = useState<Error>();
  const [restored, setRestored] = useState<string>();
  const [saving, happened] = useReducer<Saving | undefined, Happening | { type: "opened"; state: Saving }>(
    (state, it) => (it.type === "opened" ? it.state : state && after(state, it)),
    undefined,
  );
  const [refusal, setRefusal] = useState<Error>();
  const { lockedBy, take } = useLock(id, draft !== undefined, (read) => read.revision !== saving?.revision && load());

  const load = useCallback(async () => {
    try {
      const read = await call("GET /api/v1/drafts/{draft}", { path: { draft: id } });
      const left = kept(id);
      let state = opened(read.revision, { name: read.name, content: read.content });
      if (left !== undefined && (left.content !== read.content || left.name !== read.name)) {
        state = after({ ...state, revision: left.revision }, { type: "changed", mine: { name: left.name, content: left.content } });
        if (left.revision !== read.revision) state = after(state, { type: "newer", theirs: { ...read } });
        setRestored(left.at);
      }
      happened({ type: "opened", state });
      setDraft(read);
    } catch (failure) {
      setError(failure as Error);
    }
  }, [id]);
  useEffect(() => void load(), [load]);

  useSending(id, saving, lockedBy !== undefined, happened, setRefusal);
  useEffect(() => {
    if (saving === undefined) return;
    if (saving.dirty) keep(id, saving.revision, saving.mine);
    else letGo(id);
    if (!saving.dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [saving]);

  const change = useCallback((mine: Version) => happened({ type: "changed", mine }), []);
  const keepMine = useCallback(() => happened({ type: "keepMine" }), []);
  const takeTheirs = useCallback(() => happened({ type: "takeTheirs" }), []);
  if (draft === undefined || saving === undefined) return { open: undefined, error };
  const open = { draft, saving, lockedBy, restored, refusal, change, keepMine, takeTheirs, takeOver: () => void take(true) };
  return { open, error };
}

/** Send what has changed after a pause, and again as long as the server does not answer. */
function useSending(
  id: string,
  saving: Saving | undefined,
  locked: boolean,
  happened: (it: Happening) => void,
  setRefusal: (error: Error | undefined) => void,
): void {
  const latest = useRef(saving);
  latest.current = saving;
  const send = useCallback(async () => {
    const state = latest.current;
    if (state === undefined || !wantsToSend(state)) return;
    happened({ type: "sent" });
    const path = { draft: id };
    try {
      const body = { ...state.mine, name: state.mine.name.trim() || m.unnamed, revision: state.revision, holder: holder() };
      const { revision } = await call("PUT /api/v1/drafts/{draft}", { path, body });
      happened({ type: "saved", revision });
      setRefusal(undefined);
    } catch (failure) {
      if (failure instanceof Unreachable) happened({ type: "unreachable" });
      else if (failure instanceof Refused && failure.status === CONFLICT) {
        const theirs = await call("GET /api/v1/drafts/{draft}", { path }).catch(() => undefined);
        happened(theirs === undefined ? { type: "unreachable" } : { type: "newer", theirs });
      } else {
        happened({ type: "refused" });
        setRefusal(failure as Error);
      }
    }
  }, [id]);
  // Who leaves the page does not wait for the pause.
  useEffect(() => () => void send(), [send]);
  useEffect(() => {
    if (saving === undefined || locked || !wantsToSend(saving)) return;
    const timer = setTimeout(send, saving.offline ? AGAIN_MS : PAUSE_MS);
    addEventListener("online", send);
    return () => {
      clearTimeout(timer);
      removeEventListener("online", send);
    };
  }, [saving, locked, send]);
}

/** Hold the draft as long as it is open, or know who does. */
function useLock(id: string, ready: boolean, read: (draft: Draft) => void) {
  const [lockedBy, setLockedBy] = useState<string>();
  const reading = useRef(read);
  reading.current = read;
  const take = useCallback(
    async (over = false) => {
      const path = { draft: id };
      const body = { holder: holder(), name: editorName().trim() || m.somebody, take: over };
      try {
        const draft = await call("POST /api/v1/drafts/{draft}/lock", { path, body });
        setLockedBy((before) => {
          if (before !== undefined) reading.current(draft);
          return undefined;
        });
      } catch (failure) {
        if (!(failure instanceof Refused) || failure.status !== LOCKED) return;
        const draft = await call("GET /api/v1/drafts/{draft}", { path }).catch(() => undefined);
        setLockedBy(draft?.lockedBy ?? m.somebody);
        if (draft !== undefined) reading.current(draft);
      }
    },
    [id],
  );
  useEffect(() => {
    if (!ready) return;
    void take();
    const timer = setInterval(take, LOCK_MS);
    return () => {
      clearInterval(timer);
      call("POST /api/v1/drafts/{draft}/unlock", { path: { draft: id }, body: { holder: holder() } }).catch(() => undefined);
    };
  }, [id, ready, take]);
  return { lockedBy, take };
}
