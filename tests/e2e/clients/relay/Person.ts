// A person, whose lists are refetched by the person's id: what Node is for.
import { graphql } from "relay-runtime";

export const Person = graphql`
  query PersonQuery($id: ID!) {
    node(id: $id) {
      ...PersonCard_expert @alias
      ...PersonTopics_expert @arguments(count: 3) @alias
      ...PersonTalks_expert @alias
    }
  }
`;

export const Card = graphql`
  fragment PersonCard_expert on Expert {
    name
    headline
    country {
      name
      regions(last: 1) {
        edges {
          node {
            name
          }
        }
      }
    }
  }
`;

export const Topics = graphql`
  fragment PersonTopics_expert on Expert
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 5 }
    cursor: { type: "String" }
    countBefore: { type: "Int" }
    cursorBefore: { type: "String" }
  )
  @refetchable(queryName: "PersonTopicsQuery") {
    expertise(first: $count, after: $cursor, last: $countBefore, before: $cursorBefore)
      @connection(key: "Person_expertise") {
      edges {
        level
        since
        node {
          label
          ...TopicPeople_topic
        }
      }
    }
  }
`;

export const Talks = graphql`
  fragment PersonTalks_expert on Expert
  @argumentDefinitions(count: { type: "Int", defaultValue: 5 }, cursor: { type: "String" })
  @refetchable(queryName: "PersonTalksQuery") {
    talks(first: $count, after: $cursor) @connection(key: "Person_talks") {
      edges {
        role
        title
        node {
          title
          startsAt
        }
      }
    }
  }
`;

export const OfTopic = graphql`
  fragment TopicPeople_topic on Topic
  @argumentDefinitions(countBefore: { type: "Int", defaultValue: 2 }, cursorBefore: { type: "String" })
  @refetchable(queryName: "TopicPeopleQuery") {
    experts(last: $countBefore, before: $cursorBefore) @connection(key: "Topic_experts") {
      edges {
        level
        node {
          name
        }
      }
    }
  }
`;
