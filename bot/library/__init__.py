"""Adding articles: a reader for each file format, and one ingest behind all of them."""
