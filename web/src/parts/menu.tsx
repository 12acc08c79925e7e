// A menu under a button: one at a time, closed by Escape, by a click elsewhere, and by what is chosen in it.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  label: ComponentChildren;
  /** Where it opens: over its button, under it, or under it to the left, with room for more. */
  side: "up" | "down" | "right";
  /** Whether a click on a button in it closes it. */
  closes?: boolean;
  opened?: () => void;
  children: ComponentChildren;
}

export function Menu({ label, side, closes, opened, children }: Props) {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = () => menu.current?.removeAttribute("open");
    const elsewhere = (event: Event) => !menu.current?.contains(event.target as Node) && close();
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !menu.current?.open) return;
      event.preventDefault();
      close();
      menu.current.querySelector("summary")?.focus();
    };
    document.addEventListener("pointerdown", elsewhere);
    document.addEventListener("keydown", pressed);
    return () => {
      document.removeEventListener("pointerdown", elsewhere);
      document.removeEventListener("keydown", pressed);
    };
  }, []);
  return (
    <details class={`menu ${side}`} name="menu" ref={menu} onToggle={(event) => event.currentTarget.open && opened?.()}>
      <summary role="button">{label}</summary>
      <div onClick={(event) => closes && event.target instanceof HTMLButtonElement && menu.current?.removeAttribute("open")}>{children}</div>
    </details>
  );
}
