// Marks on the cells of a decision table. The table draws its cells anew as it likes, so the marks are
// rules of a style sheet, which hold for whatever comes to have the id.

export type Mark = "matched" | "wrong" | "added" | "removed" | "changed";

/** Of a rule or another element with an id; a rule without one is told by its place, from 1. */
export type Marked = [string | number, Mark];

let names = 0;

export class Marker {
  private readonly sheet = new CSSStyleSheet();
  private readonly name = `marked-${(names += 1)}`;

  constructor(box: HTMLElement) {
    box.classList.add(this.name);
    document.adoptedStyleSheets.push(this.sheet);
  }

  show(marked: Iterable<Marked>): void {
    this.sheet.replaceSync([...marked].map(([id, mark]) => rulesOf(`.${this.name}`, id, mark)).join("\n"));
  }

  end(): void {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((it) => it !== this.sheet);
  }
}

const COLOURS: Record<Mark, string> = { matched: "good", wrong: "bad", added: "good", removed: "bad", changed: "warn" };
const SIGNS: Record<Mark, string> = { matched: " ✓", wrong: " ✕", added: " +", removed: " −", changed: " ≠" };

function rulesOf(box: string, id: string | number, mark: Mark): string {
  const colour = COLOURS[mark];
  const cells = typeof id === "number" ? `tbody tr:nth-child(${id}) td` : `td[data-row-id="${CSS.escape(id)}"]`;
  const own = typeof id === "number" ? "" : `, ${box} [data-element-id="${CSS.escape(id)}"]`;
  return (
    `${box} ${cells}${own} { background: var(--${colour}-ground) !important; box-shadow: inset 0 0 0 1px var(--${colour}); }\n` +
    `${box} ${cells}.rule-index::after { content: "${SIGNS[mark]}"; color: var(--${colour}); font-weight: 700; }`
  );
}
