// Makes what pages load from npm, in the folder that is named: node build.mjs FOLDER
// GraphiQL and Monaco's workers are bundled; the base of the stylesheet, the scripts of pages, the map of countries and
// the fonts of reports (api/report) are copied.
import { copyFileSync } from "node:fs";
import { build } from "esbuild";

const folder = process.argv[2];
const common = {
  bundle: true,
  minify: true,
  target: "es2022",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".ttf": "dataurl" },
  legalComments: "linked",
  outdir: folder,
  logLevel: "error",
};

await build({ ...common, entryPoints: { graphiql: "graphiql.js" }, format: "esm" });
await build({
  ...common,
  entryPoints: {
    "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
    "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
    "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
  },
  format: "iife",
});

for (const file of [
  "@picocss/pico/css/pico.min.css",
  "htmx.org/dist/htmx.min.js",
  "cytoscape/dist/cytoscape.min.js",
  "world-atlas/countries-110m.json",
]) {
  copyFileSync(`node_modules/${file}`, `${folder}/${file.split("/").at(-1)}`);
}

for (const [name, family] of [
  ["noto-sans", "NotoSans"],
  ["noto-sans-arabic", "NotoSansArabic"],
  ["noto-sans-sc", "NotoSansSC"],
]) {
  for (const weight of ["400Regular", "700Bold"]) {
    const file = `${family}_${weight}.ttf`;
    copyFileSync(`node_modules/@expo-google-fonts/${name}/${weight}/${file}`, `${folder}/${file}`);
  }
}
