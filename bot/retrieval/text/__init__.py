"""Splitting of text into terms, sentences and passages, with offsets, and derived titles."""
