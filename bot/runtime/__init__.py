"""The clock, the log, heartbeats, the run lock, rate limits and pseudonyms."""
