from hypothesis import given
from hypothesis import strategies as st

from bot.model.span import Span
from bot.model.spans import Spans

LISTED = [Span(0, 3), Span(3, 5), Span(8, 9), Span(12, 20)]
SPANS = Spans.from_bounds([span.start for span in LISTED], [span.end for span in LISTED])


def test_spans_are_a_sequence() -> None:
    assert list(SPANS) == LISTED
    assert (len(SPANS), SPANS[1], SPANS[-1]) == (4, Span(3, 5), Span(12, 20))
    assert list(SPANS[1:3]) == LISTED[1:3]


@given(start=st.integers(0, 22), size=st.integers(1, 22))
def test_spans_are_found_by_their_place(start: int, size: int) -> None:
    place = Span(start, start + size)

    assert SPANS.find_inside(place) == tuple(
        span for span in LISTED if place.start <= span.start and span.end <= place.end
    )
    assert SPANS.find_overlapping(place) == tuple(
        span for span in LISTED if span.start < place.end and place.start < span.end
    )
