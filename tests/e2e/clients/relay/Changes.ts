// What members change and follow.
import { graphql } from "relay-runtime";

export const ChangeHeadline = graphql`
  mutation ChangesHeadlineMutation($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      __typename
      ... on ProfileUpdated {
        version
      }
      ... on Conflict {
        version
      }
      ... on Error {
        message
      }
    }
  }
`;

export const Follow = graphql`
  subscription ChangesSubscription($after: String) {
    changes(after: $after) {
      __typename
    }
  }
`;
