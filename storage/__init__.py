"""What is kept: tables, queries, the engine. Knows nobody."""
