"""The REST API: routes, checks, limits and injected faults."""
