"""Turning blocks into Discord messages and sending them."""
