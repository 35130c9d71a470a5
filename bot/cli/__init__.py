"""The commands of `dateline`, thin."""
