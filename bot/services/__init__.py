"""The use cases, one module each. They bring the store, the search and the library together."""
