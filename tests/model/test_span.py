from bot.model.span import EMPTY_SPAN, Span

TEXT = "The river rose."


def test_a_span_extracts_what_stands_from_its_start_to_before_its_end() -> None:
    assert Span(4, 9).extract(TEXT) == "river"
    assert not EMPTY_SPAN.extract(TEXT)


def test_a_shifted_span_marks_the_same_piece_behind_a_prefix() -> None:
    prefix = "It rained. "

    assert Span(4, 9).shift(len(prefix)).extract(f"{prefix}{TEXT}") == "river"
