"""Ids made from the clock."""

from bot.local_discord.world.clock import AdjustableClock, SnowflakeGenerator


def test_ids_rise_and_carry_their_time() -> None:
    clock = AdjustableClock()
    ids = SnowflakeGenerator(clock)

    first_ids = [ids.next() for _ in range(3)]
    clock.advance(1.0)
    later = ids.next()

    assert first_ids == sorted(set(first_ids))
    assert (later >> 22) - (first_ids[0] >> 22) >= 1000
