// What a page needs of an editor, whichever it is.

import type { Finding } from "../api/schema";

export interface Pen {
  /** The file as it is drawn now. */
  text(): Promise<string>;
  /** The drawing as SVG, where there is one. */
  svg?: () => Promise<string>;
}

export interface DrawingProps {
  content: string;
  findings: Finding[] | undefined;
  change: (content: string) => void;
  /** Told of the editor once the file is drawn, and of its end. */
  ready: (pen: Pen | undefined) => void;
  /** Told why the file cannot be drawn. */
  failed: (error: Error) => void;
}
