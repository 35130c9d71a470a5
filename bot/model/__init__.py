"""Domain records: plain frozen values that every layer may use; imports nothing of ours."""
