// The same act as a command line or as Python, for whoever wants to repeat it.

import { useRef, useState } from "preact/hooks";
import { messages as m } from "../messages/common";
import { Menu } from "./menu";

export interface Recipes {
  curl: string;
  python: string;
}

export function CopyAs({ recipes }: { recipes: () => Recipes }) {
  const place = useRef<HTMLSpanElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async (form: keyof Recipes) => {
    await toClipboard(recipes()[form], place.current!);
    setCopied(true);
  };
  return (
    <span ref={place}>
      <Menu side="up" closes label={<span role="status">{copied ? m.copied : m.copyAs}</span>} opened={() => setCopied(false)}>
        <button type="button" onClick={() => void copy("curl")}>{m.copyCurl}</button>
        <button type="button" onClick={() => void copy("python")}>{m.copyPython}</button>
      </Menu>
    </span>
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
