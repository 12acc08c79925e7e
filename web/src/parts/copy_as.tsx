// The same act as a command line or as Python, for whoever wants to repeat it.

import { useRef, useState } from "preact/hooks";
import { messages as m } from "../messages/common";

export interface Recipes {
  curl: string;
  python: string;
}

export function CopyAs({ recipes }: { recipes: () => Recipes }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async (form: keyof Recipes) => {
    await toClipboard(recipes()[form], menu.current!);
    setCopied(true);
    if (menu.current !== null) menu.current.open = false;
  };
  return (
    <details class="menu up" ref={menu} onToggle={(event) => event.currentTarget.open && setCopied(false)}>
      <summary role="button"><span role="status">{copied ? m.copied : m.copyAs}</span></summary>
      <div>
        <button type="button" onClick={() => void copy("curl")}>{m.copyCurl}</button>
        <button type="button" onClick={() => void copy("python")}>{m.copyPython}</button>
      </div>
    </details>
  );
}

/** Without TLS a browser has no `navigator.clipboard`; there a selection is copied. */
async function toClipboard(text: string, near: HTMLElement): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  near.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
