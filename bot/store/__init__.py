"""The SQLite file: the only layer that knows SQL; no row or dict leaves it."""
