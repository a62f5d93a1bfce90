// GraphiQL for this server's own GraphQL endpoint, with every worker and style from the same place as this file.
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import "graphiql/graphiql.css";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "./page.css";

const workers = { graphql: "graphql.worker.js", json: "json.worker.js" };

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(new URL(workers[label] ?? "editor.worker.js", import.meta.url)),
};

const page = document.getElementById("graphiql");
const example = document.getElementById("example").content.textContent.trim() + "\n";

// No other site can make a browser send this header, so the server takes what is asked for the person's own.
const headers = { "X-Knowwho": "graphiql" };

const said = await fetch(page.dataset.endpoint, {
  method: "POST",
  headers: { ...headers, "Content-Type": "application/json" },
  body: JSON.stringify({ query: "{ network { isFictional } }" }),
}).then((answer) => answer.json(), () => null);
document.getElementById("fictional").hidden = !said?.data?.network?.isFictional;

createRoot(page).render(
  createElement(GraphiQL, {
    fetcher: createGraphiQLFetcher({ url: page.dataset.endpoint, headers }),
    defaultQuery: example,
    // A header may be a token: it must not lie in the browser's storage.
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
  }),
);
