// What the designer uses of the services of bpmn-js.

export interface Shape {
  id: string;
  type: string;
  parent?: Shape;
  businessObject: { id: string; name?: string; $type: string };
}
export interface Canvas {
  resized(): void;
  zoom(level: "fit-viewport" | number, centre?: "auto"): number;
  scrollToElement(id: string, padding?: number): void;
  addMarker(id: string, marker: string): void;
  removeMarker(id: string, marker: string): void;
  focus(): void;
}
export interface Overlays {
  add(id: string, type: string, overlay: { position: object; html: HTMLElement }): void;
  remove(filter: { type: string }): void;
}
export interface Registry {
  get(id: string): Shape | undefined;
  filter(wanted: (shape: Shape) => boolean): Shape[];
}
export interface Selection {
  get(): Shape[];
  select(shape: Shape | null): void;
}
export interface CommandStack {
  canUndo(): boolean;
  canRedo(): boolean;
  undo(): void;
  redo(): void;
}
export interface EditorActions {
  trigger(action: string, options?: object): unknown;
}
export interface EventBus {
  on(event: string | string[], heard: (event: never) => void): void;
  on(event: string | string[], priority: number, heard: (event: never) => void): void;
  off(event: string | string[], heard: (event: never) => void): void;
}
