// Bundles graphiql.js and Monaco's workers into the folder that is named, and copies the fonts of reports (api/report)
// there: node build.mjs FOLDER
import { copyFileSync } from "node:fs";
import { build } from "esbuild";

const common = {
  bundle: true,
  minify: true,
  target: "es2022",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".ttf": "dataurl" },
  legalComments: "linked",
  outdir: process.argv[2],
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

for (const [name, family] of [
  ["noto-sans", "NotoSans"],
  ["noto-sans-arabic", "NotoSansArabic"],
  ["noto-sans-sc", "NotoSansSC"],
]) {
  for (const weight of ["400Regular", "700Bold"]) {
    const file = `${family}_${weight}.ttf`;
    copyFileSync(`node_modules/@expo-google-fonts/${name}/${weight}/${file}`, `${process.argv[2]}/${file}`);
  }
}
