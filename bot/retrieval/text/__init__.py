"""Text to terms with offsets, sentences, passages and titles."""
