// A clipboard that every draft shares, in whichever tab of the browser it is open.

const KEY = "designer.clipboard";

interface Moddle {
  create(type: string, attributes: object): object;
}

/** What was copied, with the elements of the model made anew: a clipboard holds their text only. */
export function revived(text: string, moddle: Moddle): unknown {
  const made = new Map<string, object>();
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || !("$type" in value)) return value;
    const { $type: type, ...attributes } = value as { $type: string; id?: string };
    const known = attributes.id === undefined ? undefined : made.get(attributes.id);
    if (known !== undefined) return known;
    const element = moddle.create(type, attributes);
    if (attributes.id !== undefined) made.set(attributes.id, element);
    return element;
  });
}

function SharedClipboard(this: object, moddle: Moddle) {
  return {
    get: () => {
      const text = localStorage.getItem(KEY);
      return text === null ? undefined : revived(text, moddle);
    },
    set: (tree: unknown) => localStorage.setItem(KEY, JSON.stringify(tree)),
    clear: () => {
      const text = localStorage.getItem(KEY);
      localStorage.removeItem(KEY);
      return text === null ? undefined : revived(text, moddle);
    },
    isEmpty: () => localStorage.getItem(KEY) === null,
  };
}
SharedClipboard.$inject = ["moddle"];

export const SharedClipboardModule = { clipboard: ["factory", SharedClipboard] };
