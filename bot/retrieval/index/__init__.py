"""Passages with their postings, BM25, the article table and spelling."""
