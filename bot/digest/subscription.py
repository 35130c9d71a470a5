"""Subscription: what a server has asked to get each day, where and when."""

from bot.store.subscriptions import State, Subscription, Topic, WhenEmpty

__all__ = ["EVERY_DAY", "WEEKDAYS", "State", "Subscription", "Topic", "WhenEmpty"]

EVERY_DAY: frozenset[int] = frozenset(range(7))
"""All days of the week; Monday is 0."""

WEEKDAYS: frozenset[int] = frozenset(range(5))
"""Monday to Friday."""
