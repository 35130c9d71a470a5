"""The date grammar and its calendar. This package is pure: the clock is always an argument."""
