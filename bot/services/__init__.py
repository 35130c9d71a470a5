"""Use cases, one module each, where the store, the search and the library meet."""
