// The instances that a filter finds, loaded page by page as they come into view, and kept as they change.

import { useEffect, useRef, useState } from "preact/hooks";
import { call } from "../../api/client";
import { useChanges } from "../../api/live";
import type { ProcessInstance } from "../../api/schema";
import { askedBy, type Filter } from "./filter";

const PAGE = 200;

export interface Found {
  rows: ProcessInstance[] | undefined;
  /** Whether there are more than are loaded. */
  more: boolean;
  loading: boolean;
  /** Whether something has begun that the list does not show yet. */
  newer: boolean;
  error: Error | undefined;
  next: () => void;
  again: () => void;
}

interface State {
  rows: ProcessInstance[] | undefined;
  cursor: string | null;
  loading: boolean;
  newer: boolean;
  error: Error | undefined;
}

const EMPTY: State = { rows: undefined, cursor: null, loading: false, newer: false, error: undefined };

/** `atTop` says whether the newest are in view, so that the list may be loaded anew without a jump. */
export function useFound(filter: Filter, atTop: () => boolean): Found {
  const key = JSON.stringify(filter);
  const [state, setState] = useState<State>(EMPTY);
  const turn = useRef(0);
  const latest = useRef(state);
  latest.current = state;

  const load = async (cursor: string | null) => {
    const mine = ++turn.current;
    setState((before) => ({ ...before, loading: true }));
    try {
      const { items, cursor: next } = await call("GET /api/v1/process-instances", { query: { ...askedBy(filter), limit: PAGE, ...(cursor && { cursor }) } });
      if (mine !== turn.current) return;
      setState((before) => ({ rows: cursor === null ? items : [...(before.rows ?? []), ...items], cursor: next, loading: false, newer: false, error: undefined }));
    } catch (error) {
      if (mine === turn.current) setState((before) => ({ ...before, loading: false, error: error as Error }));
    }
  };

  useEffect(() => {
    setState(EMPTY);
    void load(null);
    return () => {
      turn.current++;
    };
  }, [key]);

  useChanges((changes) => {
    const { rows } = latest.current;
    if (rows === undefined) return;
    const known = new Map(rows.map((row, index) => [row.id, index]));
    const unknown = changes === undefined || changes.many || changes.instances.some((it) => !known.has(it.id) && (filter.processId === undefined || it.processId === filter.processId));
    if (unknown && atTop() && rows.length <= PAGE) {
      void load(null);
      return;
    }
    const changed = new Map(changes?.instances.map((it) => [it.id, it.status]));
    setState((before) => ({
      ...before,
      newer: before.newer || unknown,
      rows: before.rows?.map((row) => (changed.has(row.id) ? withStatus(row, changed.get(row.id)!) : row)),
    }));
  });

  return {
    ...state,
    more: state.cursor !== null,
    next: () => {
      const { cursor, loading, error } = latest.current;
      if (cursor !== null && !loading && error === undefined) void load(cursor);
    },
    again: () => void load(null),
  };
}

/** A row as a change tells it; when it ended is told when it is loaded again. */
export function withStatus(row: ProcessInstance, status: string): ProcessInstance {
  if (status === "incident") return { ...row, state: "active", incidents: Math.max(1, row.incidents) };
  return { ...row, state: status as ProcessInstance["state"], incidents: status === "active" ? 0 : row.incidents };
}
