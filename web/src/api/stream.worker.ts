// The one stream of a browser, shared by all its tabs. It ends with the last of them.

import { openStream, type Told } from "./stream";

interface Shared {
  onconnect: (event: MessageEvent) => void;
}

const ports: MessagePort[] = [];
let token: string | null = null;
let stop: (() => void) | undefined;
let state: Told | undefined;

function tell(told: Told): void {
  if (told.kind === "online" || told.kind === "offline" || told.kind === "denied") state = told;
  for (const port of ports) port.postMessage(told);
}

(self as unknown as Shared).onconnect = ({ ports: [port] }) => {
  ports.push(port!);
  port!.onmessage = ({ data }: MessageEvent<{ url: string; token: string | null }>) => {
    if (stop !== undefined && data.token === token && state?.kind !== "denied") {
      if (state !== undefined) port!.postMessage(state);
      return;
    }
    stop?.();
    token = data.token;
    stop = openStream(data.url, data.token, tell);
  };
};
