"""Candidates, their features and weights, and reranking."""
