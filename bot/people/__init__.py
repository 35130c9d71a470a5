"""What is known of the people who ask: a pseudonym, and how often one asked just now."""
