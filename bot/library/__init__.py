"""Getting articles in: a reader for each format, and one ingest that all use."""
