"""Posting into channels where nobody waits for an answer."""
