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
const examples = [...document.querySelectorAll("template.example")].map((example) => ({
  query: example.content.textContent.trim() + "\n",
  headers: example.dataset.headers ?? null,
}));

// No other site can make a browser send this header, so the server takes what is asked for the person's own.
const headers = { "X-Knowwho": "graphiql" };

const said = await fetch(page.dataset.endpoint, {
  method: "POST",
  headers: { ...headers, "Content-Type": "application/json" },
  body: JSON.stringify({ query: "{ network { isFictional } }" }),
}).then((answer) => answer.json(), () => null);
document.getElementById("fictional").hidden = !said?.data?.network?.isFictional;

// A header may be a token, and the history of queries would keep it: nothing named so reaches the browser's storage.
const withoutHeaders = (text) => {
  try {
    return JSON.stringify(JSON.parse(text), (name, value) => (name === "headers" ? undefined : value));
  } catch {
    return text;
  }
};
const storage = {
  get length() {
    return localStorage.length;
  },
  clear: () => localStorage.clear(),
  getItem: (name) => localStorage.getItem(name),
  removeItem: (name) => localStorage.removeItem(name),
  setItem: (name, text) => localStorage.setItem(name, withoutHeaders(text)),
};

createRoot(page).render(
  createElement(GraphiQL, {
    fetcher: createGraphiQLFetcher({ url: page.dataset.endpoint, headers }),
    defaultTabs: examples,
    storage,
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
  }),
);
