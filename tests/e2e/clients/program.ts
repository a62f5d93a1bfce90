// A program that asks with the documents of docs/graphql.md, typed by what graphql-codegen made of them.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { AgainDocument, AskDocument, PractitionersDocument, type PractitionersQuery } from "./documents.js";

declare function ask<Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables): Result;

const { matchExperts } = ask(AskDocument, { question: "Who has trained stewards?" });
for (const { node, evidence, reasons } of matchExperts.edges) {
  const name: string = node.name;
  const headline: string | null = node.headline ?? null;
  const titles: string[] = evidence.map(({ passage }) => passage.title ?? passage.kind);
  const levels = reasons.map((reason) => ("level" in reason ? reason.level : null));
  const leads: number = levels.filter((level) => level === "LEAD").length;
  console.log(name, headline, titles, leads);
}

let after: string | null = null;
do {
  const { experts }: PractitionersQuery = ask(PractitionersDocument, { topic: "Crowd management", after });
  const counted: number = experts.totalCount + experts.facets.topics.reduce((sum, { count }) => sum + count, 0);
  after = experts.pageInfo.hasNextPage ? (experts.pageInfo.endCursor ?? null) : null;
  console.log(counted);
} while (after !== null);

for (const thing of ask(AgainDocument, { ids: ["Q291bnRyeTpUTg=="] }).nodes) {
  if (thing?.__typename === "Country") console.log(thing.code, thing.experts.totalCount);
  if (thing?.__typename === "Resource") console.log(thing.title, thing.languages.edges.map(({ node }) => node.tag));
}
