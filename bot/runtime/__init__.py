"""The clock, logs, heartbeats, the run lock, rate limits and pseudonyms."""
