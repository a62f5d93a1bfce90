// Runs the audit of npm's graphql-http against a server and prints what came of it as JSON: node audit.mjs URL
import { auditServer } from "graphql-http";

const results = await auditServer({ url: process.argv[2] });
console.log(
  JSON.stringify(results.map(({ id, name, status, ...more }) => ({ id, name, status, reason: more.reason ?? null }))),
);
