// Bundles graphiql.js and Monaco's workers into the folder that is named: node build.mjs FOLDER
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
