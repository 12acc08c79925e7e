/// <reference types="vite/client" />

declare module "bpmn-auto-layout" {
  /** Give a BPMN file with a diagram for the process that it describes. */
  export function layoutProcess(xml: string): Promise<string>;
}
