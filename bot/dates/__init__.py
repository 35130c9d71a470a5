"""The date grammar and the calendar that it counts in; pure."""
