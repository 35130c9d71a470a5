"""The REST API: routes, payload checks, rate limits and injected faults."""
