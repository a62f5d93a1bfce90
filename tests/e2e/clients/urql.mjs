// Reads a list to its end, page by page: node urql.mjs URL TOKEN forward|backward. Says each page as a line of JSON, and
// goes on when it is told to by a line.
import { createInterface } from "node:readline";
import { cacheExchange, Client, fetchExchange, gql } from "@urql/core";

const [url, token, direction] = process.argv.slice(2);
const client = new Client({
  url,
  exchanges: [cacheExchange, fetchExchange],
  preferGetMethod: false,
  fetchOptions: { headers: { Authorization: `Bearer ${token}` } },
});
const PAGES = {
  forward: gql`
    query Forward($cursor: String) {
      experts(first: 7, after: $cursor) {
        edges { node { id name } }
        pageInfo { hasNextPage endCursor }
      }
    }
  `,
  backward: gql`
    query Backward($cursor: String) {
      experts(last: 7, before: $cursor) {
        edges { node { id name } }
        pageInfo { hasPreviousPage startCursor }
      }
    }
  `,
};
const told = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

for (let cursor = null, hasMore = true; hasMore; ) {
  const { data, error } = await client.query(PAGES[direction], { cursor }).toPromise();
  if (error) throw error;
  const { edges, pageInfo } = data.experts;
  hasMore = direction === "forward" ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
  cursor = direction === "forward" ? pageInfo.endCursor : pageInfo.startCursor;
  console.log(JSON.stringify({ names: edges.map(({ node }) => node.name), hasMore }));
  if (hasMore) await told.next();
}
process.exit(0);
