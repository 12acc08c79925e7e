import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig } from "vitest/config";

const OUT = join(import.meta.dirname, "../src/penstock/api/pages/web");
const SMALLEST = 1024;

/** Writes `.br` and `.gz` beside each asset, so that the server never compresses. */
function precompress() {
  return {
    name: "precompress",
    apply: "build",
    closeBundle() {
      const folder = join(OUT, "assets");
      for (const name of readdirSync(folder)) {
        if (!/\.(js|css|svg)$/.test(name)) continue;
        const content = readFileSync(join(folder, name));
        if (content.length < SMALLEST) continue;
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    },
  };
}

/** Lets the editor of expressions bring its style as a style sheet object, since the page allows no `<style>`. */
function styleSheetObjects() {
  const only = "!root.head && root.adoptedStyleSheets";
  return {
    name: "style-sheet-objects",
    transform(code, id) {
      if (!/[\\/]style-mod[\\/]/.test(id)) return null;
      if (!code.includes(only)) throw new Error(`${id} no longer asks for \`${only}\``);
      return { code: code.replace(only, "root.adoptedStyleSheets"), map: null };
    },
  };
}

/** Writes the style of the icons of bpmn.io as attributes of SVG, since the page allows no `style` in a text. */
function styleAttributes() {
  const style = /style="((?:[\w-]+: ?[^";]+;?)+)"/g;
  const attributes = (text) => text.split(";").filter(Boolean).map((it) => it.replace(/: ?(.*)$/, '="$1"')).join(" ");
  return {
    name: "style-attributes",
    transform(code, id) {
      if (!/node_modules[\\/].*(bpmn-js|diagram-js)/.test(id) || !style.test(code)) return null;
      return { code: code.replace(style, (_, text) => attributes(text)), map: null };
    },
  };
}

/** Lets what is made from markup have its `style` all the same, set by script as the page allows. */
function styleOfMarkup() {
  const made = "element.innerHTML = prefix + htmlString + suffix;";
  const instead = `element.innerHTML = (prefix + htmlString + suffix).replace(/\\sstyle="/g, ' data-style="');
	for (const it of element.querySelectorAll("[data-style]")) {
		it.style.cssText = it.dataset.style;
		delete it.dataset.style;
	}`;
  return {
    name: "style-of-markup",
    transform(code, id) {
      if (!/node_modules[\\/]domify[\\/]/.test(id)) return null;
      if (!code.includes(made)) throw new Error(`${id} no longer says \`${made}\``);
      return { code: code.replace(made, () => instead), map: null };
    },
  };
}

export default defineConfig({
  plugins: [precompress(), styleSheetObjects(), styleAttributes(), styleOfMarkup()],
  // The panel of properties and the editor of forms have a Preact of their own beside them; one is enough.
  resolve: { dedupe: ["preact"], alias: [{ find: /^(?:\.\.|@bpmn-io\/properties-panel)\/preact(\/.*)?$/, replacement: "preact$1" }] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    // A module preload needs no helper in the browsers that know `light-dark()`, and an inlined asset
    // would need `data:` in the content security policy.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1600,
  },
  test: { include: ["tests/**/*.test.ts"] },
  server: { proxy: { "/api": "http://127.0.0.1:8080", "/version": "http://127.0.0.1:8080" } },
});
