"""Blocks to Discord messages, and how they are sent."""
