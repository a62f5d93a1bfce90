// A directory of people that is paged in both directions, and beneath each person lists that are paged by themselves.
import { graphql } from "relay-runtime";

export const Directory = graphql`
  query DirectoryQuery($topic: [String!]!, $language: LanguageCode!) {
    ...Directory_people @arguments(count: 10, topic: $topic)
    ...DirectoryFacets_query @arguments(topic: $topic, language: $language)
  }
`;

export const People = graphql`
  fragment Directory_people on Query
  @argumentDefinitions(
    count: { type: "Int" }
    cursor: { type: "String" }
    countBefore: { type: "Int" }
    cursorBefore: { type: "String" }
    topic: { type: "[String!]", defaultValue: [] }
    order: { type: "[ExpertOrder!]", defaultValue: [{ name: DESC }] }
  )
  @refetchable(queryName: "DirectoryPeopleQuery") {
    experts(
      first: $count
      after: $cursor
      last: $countBefore
      before: $cursorBefore
      filter: { expertise: { some: { node: { named: $topic } } } }
      order: $order
    ) @connection(key: "Directory_experts", filters: ["filter", "order"]) {
      totalCount
      edges {
        node {
          id
          ...PersonCard_expert
          ...PersonTopics_expert
          ...PersonTalks_expert
        }
      }
    }
  }
`;

export const Facets = graphql`
  fragment DirectoryFacets_query on Query
  @argumentDefinitions(topic: { type: "[String!]!" }, language: { type: "LanguageCode" }) {
    all: experts(first: 1, filter: { expertise: { some: { node: { named: $topic } } } }) {
      facets {
        topics(first: 5) {
          count
          node {
            label(language: $language)
          }
        }
      }
    }
  }
`;
