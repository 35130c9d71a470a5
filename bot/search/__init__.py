"""Search over the library: the embedded index, kept in step with the store and saved beside it."""
