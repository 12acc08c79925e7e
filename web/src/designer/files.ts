// Files that leave the designer.

import type Modeler from "bpmn-js/lib/Modeler";

/** Hand a file to the browser, which saves it. */
export function download(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}

/** The diagram as SVG, in the colours of paper whatever the theme is. */
export async function svgOf(modeler: Modeler): Promise<string> {
  const { svg } = await modeler.saveSVG();
  return svg.replaceAll("var(--ink)", "#171c24").replaceAll("var(--shape)", "#ffffff");
}

const SHARPNESS = 2;

/** An SVG as a PNG on white. */
export async function pngOf(svg: string): Promise<Blob> {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  const paper = document.createElement("canvas");
  paper.width = picture.width * SHARPNESS;
  paper.height = picture.height * SHARPNESS;
  const pen = paper.getContext("2d")!;
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, paper.width, paper.height);
  pen.drawImage(picture, 0, 0, paper.width, paper.height);
  return new Promise((resolve, reject) =>
    paper.toBlob((made) => (made === null ? reject(new Error("The picture is too large.")) : resolve(made)), "image/png"),
  );
}
