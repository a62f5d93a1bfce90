"""What is stored and how it is asked: the graph, its engine, its encoder and the search."""
