"""What bench.nested compares us with: a network to ask, the peer's server and schema, and the questions."""
