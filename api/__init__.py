"""The outward face: command line, GraphQL, pages."""
