// Who edits, as far as the server knows before there are access rights: a name, and this tab.

const NAME = "user";
const HOLDER = "designer.holder";

export const editorName = (): string => localStorage.getItem(NAME) ?? "";
export const setEditorName = (name: string): void => localStorage.setItem(NAME, name);

/** A text that only this tab knows; it stays over a reload. */
export function holder(): string {
  const known = sessionStorage.getItem(HOLDER);
  if (known !== null) return known;
  const made = [...crypto.getRandomValues(new Uint8Array(16))].map((it) => it.toString(16).padStart(2, "0")).join("");
  sessionStorage.setItem(HOLDER, made);
  return made;
}
