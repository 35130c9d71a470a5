"""What a search runs on: an index kept in step with the library and saved beside it."""
