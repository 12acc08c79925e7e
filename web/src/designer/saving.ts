// How a draft comes to be saved: what is known of it here and at the server, and what happens next.
// Nothing here waits or asks; `use_draft.ts` does that.

export interface Version {
  name: string;
  content: string;
}

export interface Saving {
  /** The last revision that the server is known to have, as it was read or written here. */
  revision: number;
  /** What is drawn here. */
  mine: Version;
  /** Whether the server has what is drawn here. */
  dirty: boolean;
  /** What is on its way to the server. */
  sending: Version | undefined;
  offline: boolean;
  /** The server's newer revision, which what is drawn here was not made from. */
  theirs: (Version & { revision: number }) | undefined;
}

export type Happening =
  | { type: "changed"; mine: Version }
  | { type: "sent" }
  | { type: "saved"; revision: number }
  | { type: "unreachable" }
  | { type: "refused" }
  | { type: "newer"; theirs: Version & { revision: number } }
  | { type: "keepMine" }
  | { type: "takeTheirs" };

export const opened = (revision: number, read: Version): Saving => ({
  revision,
  mine: read,
  dirty: false,
  sending: undefined,
  offline: false,
  theirs: undefined,
});

const same = (one: Version, other: Version) => one.content === other.content && one.name === other.name;

export function after(state: Saving, happening: Happening): Saving {
  switch (happening.type) {
    case "changed":
      return same(state.mine, happening.mine) ? state : { ...state, mine: happening.mine, dirty: true };
    case "sent":
      return { ...state, sending: state.mine };
    case "saved": {
      const all = state.sending !== undefined && same(state.sending, state.mine);
      return { ...state, revision: happening.revision, dirty: !all, sending: undefined, offline: false };
    }
    case "unreachable":
      return { ...state, sending: undefined, offline: true };
    case "refused":
      return { ...state, sending: undefined, offline: false };
    case "newer":
      // The same change, sent twice since its first reply was lost, is no conflict.
      if (same(happening.theirs, state.mine)) {
        return { ...state, revision: happening.theirs.revision, dirty: false, sending: undefined, offline: false };
      }
      return { ...state, sending: undefined, offline: false, theirs: happening.theirs };
    case "keepMine":
      return state.theirs === undefined ? state : { ...state, revision: state.theirs.revision, dirty: true, theirs: undefined };
    case "takeTheirs": {
      if (state.theirs === undefined) return state;
      const { revision, ...mine } = state.theirs;
      return { ...state, revision, mine, dirty: false, theirs: undefined };
    }
  }
}

/** Whether there is something to send now. */
export const wantsToSend = (state: Saving): boolean =>
  state.dirty && state.sending === undefined && state.theirs === undefined;
