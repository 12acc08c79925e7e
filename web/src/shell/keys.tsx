// The keys that work on every page, and the dialog that names them.

import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { fill } from "../format";
import { messages as m } from "../messages/shell";
import { LINKS } from "../pages";
import { Dialog } from "../parts/dialog";
import { Palette } from "./palette";

type Open = "palette" | "help" | undefined;
const CHORD_MS = 1_500;

/** Whether what is typed belongs to a field, and is no key of ours. */
const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;

export function Keys({ open, setOpen }: { open: Open; setOpen: (open: Open) => void }) {
  const { route } = useLocation();
  useEffect(() => {
    let going = 0;
    const pressed = (event: KeyboardEvent) => {
      if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        setOpen("palette");
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (document.querySelector("dialog[open]") !== null) return;
      const link = LINKS.find((it) => it.key === event.key);
      if (event.key === "?") setOpen("help");
      else if (event.key === "/") {
        event.preventDefault();
        setOpen("palette");
      } else if (link !== undefined && event.timeStamp - going < CHORD_MS) route(link.path);
      going = event.key === "g" ? event.timeStamp : 0;
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [route]);
  const close = () => setOpen(undefined);
  if (open === "palette") return <Palette close={close} />;
  return open === "help" ? <Help close={close} /> : null;
}

export const useKeys = () => useState<Open>();

function Help({ close }: { close: () => void }) {
  const keys: [string[], string][] = [
    [["Ctrl K", "/"], m.shortcutsOf.palette],
    [["?"], m.shortcutsOf.help],
    ...LINKS.map(({ key, name }): [string[], string] => [[`g ${key}`], fill(m.shortcutsOf.goto, { page: name })]),
    [["←", "→"], m.shortcutsOf.replay],
    [["Ctrl Enter"], m.shortcutsOf.submit],
    [["Esc"], m.shortcutsOf.escape],
  ];
  return (
    <Dialog title={m.shortcuts} close={close}>
      <dl class="keys">
        {keys.map(([pressed, does]) => (
          <div key={does}><dt>{pressed.map((one) => <kbd key={one}>{one}</kbd>)}</dt><dd>{does}</dd></div>
        ))}
      </dl>
      <p class="acts"><button onClick={close}>{m.close}</button></p>
    </Dialog>
  );
}
