// The same act as a command line, for whoever wants to repeat it.

import { useState } from "preact/hooks";
import { messages as m } from "../messages";

export function CopyCurl({ command }: { command: () => string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(command());
    setCopied(true);
  };
  return <button type="button" class="quiet" onClick={() => void copy()}>{copied ? m.copied : m.copyCurl}</button>;
}
