// Looking again and again, until the server tells by itself: often while it answers, seldom while it does not.

import { useEffect, useRef, useState } from "preact/hooks";

const PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;

export interface Polled<T> {
  value: T | undefined;
  error: Error | undefined;
  /** Look again now. */
  again: () => void;
}

/** What `load` gives, loaded again as long as the page is seen; `key` tells one question from another. */
export function usePolled<T>(load: () => Promise<T>, key: string): Polled<T> {
  const [state, setState] = useState<{ key: string; value?: T; error?: Error }>({ key });
  const latest = useRef(load);
  latest.current = load;
  const look = useRef<() => void>(() => {});

  useEffect(() => {
    let timer = 0;
    let turn = 0;
    let pause = PAUSE_MS;
    const tick = async () => {
      clearTimeout(timer);
      const mine = ++turn;
      if (!document.hidden) {
        try {
          const value = await latest.current();
          if (mine !== turn) return;
          pause = PAUSE_MS;
          setState({ key, value });
        } catch (error) {
          if (mine !== turn) return;
          pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
          setState((before) => ({ ...before, key, error: error as Error }));
        }
      }
      timer = setTimeout(tick, pause);
    };
    look.current = () => void tick();
    const seen = () => !document.hidden && void tick();
    document.addEventListener("visibilitychange", seen);
    void tick();
    return () => {
      turn = -1;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [key]);

  const fresh = state.key === key;
  return {
    value: fresh ? state.value : undefined,
    error: fresh ? state.error : undefined,
    again: () => look.current(),
  };
}
