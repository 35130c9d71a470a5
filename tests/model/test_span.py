from bot.model.span import EMPTY_SPAN, Span

TEXT = "The river rose."


def test_a_span_extracts_a_half_open_range() -> None:
    assert Span(4, 9).extract(TEXT) == "river"
    assert not EMPTY_SPAN.extract(TEXT)


def test_a_shifted_span_covers_the_same_text_after_a_prefix() -> None:
    prefix = "It rained. "

    assert Span(4, 9).shift(len(prefix)).extract(f"{prefix}{TEXT}") == "river"
