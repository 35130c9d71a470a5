"""Posting digests and alerts exactly once."""
