"""Finding and quoting: pure values and functions, without clock, files, Discord or SQLite."""
