"""Excerpts, the answer or abstention with its confidence, context and receipts."""
