"""What a person sees, as neutral blocks: pure, and without knowledge of Discord."""
