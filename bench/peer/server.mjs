// Serves the graph by @neo4j/graphql as its users do, on a free port of this machine; says where on standard output.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { Neo4jGraphQL } from "@neo4j/graphql";
import { GraphQLScalarType } from "graphql";
import { createYoga } from "graphql-yoga";
import neo4j from "neo4j-driver";

const { NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD } = process.env;

const driver = neo4j.driver(NEO4J_URI, neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD), { maxConnectionPoolSize: 50 });
const Moment = new GraphQLScalarType({ name: "Moment", serialize: (value) => value.toString() });
const typeDefs = await readFile(new URL("schema.graphql", import.meta.url), "utf8");
const library = new Neo4jGraphQL({ typeDefs, driver, resolvers: { Moment } });
const yoga = createYoga({ schema: await library.getSchema(), graphiql: false, landingPage: false });

const server = createServer(yoga);
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
