from hypothesis import given
from hypothesis import strategies as st

from bot.lookups.article import (
    MAX_PAGE_CHARS,
    MAX_PIECE_CHARS,
    build_article_listing,
    find_piece_number,
    find_previous_page_start,
    get_page_range,
    split_into_pieces,
)
from bot.lookups.listing import Lookup
from bot.model.span import Span
from bot.retrieval.answering.excerpts import Citation
from bot.retrieval.text.passages import split_paragraphs
from tests.builders import an_article

SENTENCE = f"The river {'rose and ' * 30}fell."
BODIES = st.lists(
    st.sampled_from(["The river rose.", SENTENCE, " ".join([SENTENCE] * 6), "x" * 4_000, "\n\n"]),
    min_size=1,
    max_size=12,
).map("\n\n".join)


def cite(body: str, quote: str) -> Citation:
    start = body.index(quote)
    span = Span(start, start + len(quote))
    return Citation(
        article=an_article(body), span=span, answer_span=span, matches=(span,), score=1.0
    )


def test_an_opened_article_is_one_entry_from_its_first_paragraph_to_its_last() -> None:
    article = an_article("\nOne.\n\nTwo.\n\nThree. ")

    listing = build_article_listing(article)

    (entry,) = listing.entries
    assert listing.lookup is Lookup.ARTICLE
    assert listing.total == 3
    assert entry.text == "One.\n\nTwo.\n\nThree."
    assert entry.matches == ()


def test_an_article_opened_at_an_excerpt_highlights_its_matches() -> None:
    excerpt = cite("One.\n\nTwo.", "Two.")

    (entry,) = build_article_listing(excerpt.article, excerpt).entries

    assert entry.matches == excerpt.matches
    assert entry.text == "One.\n\nTwo."


def test_short_paragraphs_are_pieces() -> None:
    body = "One.\n\nTwo.\n\nThree."

    listed = split_into_pieces(an_article(body))

    assert [(number, span.extract(body)) for number, span in listed] == [
        (1, "One."),
        (2, "Two."),
        (3, "Three."),
    ]


def test_a_long_paragraph_is_split_after_sentences_and_keeps_its_number() -> None:
    body = " ".join([SENTENCE] * 6)

    first, second = split_into_pieces(an_article(body))

    assert (first.number, second.number) == (1, 1)
    assert first.span.extract(body) == " ".join([SENTENCE] * 3)


def test_a_sentence_too_long_for_a_page_is_split_between_words() -> None:
    body = f"It rained. {'and rained ' * 250}on."

    texts = [span.extract(body) for _, span in split_into_pieces(an_article(body))]

    assert all(len(text) > 900 for text in texts[:-1])
    assert " ".join(texts) == body


@given(BODIES)
def test_pieces_contain_all_text_and_none_is_too_long(body: str) -> None:
    if not body.strip():
        return

    listed = split_into_pieces(an_article(body))

    held = {place for _, span in listed for place in range(*span)}
    whole = {place for span in split_paragraphs(body) for place in range(*span)}
    assert all(body[place].isspace() for place in whole - held)
    assert held <= whole
    assert all(0 < end - start <= MAX_PIECE_CHARS for _, (start, end) in listed)


@given(BODIES)
def test_paging_through_an_article_shows_each_piece_once(body: str) -> None:
    if not body.strip():
        return
    listed = split_into_pieces(an_article(body))

    shown: list[int] = []
    while len(shown) < len(listed):
        places = get_page_range(listed, len(shown) + 1)
        assert sum(end - start for _, (start, end) in listed[places.start : places.stop]) <= (
            MAX_PAGE_CHARS
        )
        shown += places

    assert shown == list(range(len(listed)))


def test_the_previous_page_ends_at_this_one_and_is_full() -> None:
    listed = split_into_pieces(an_article("\n\n".join([SENTENCE] * 20)))

    before = find_previous_page_start(listed, 12)

    assert get_page_range(listed, before).stop == 11
    assert get_page_range(listed, before - 1).stop < 11


def test_the_first_piece_has_no_previous_page() -> None:
    listed = split_into_pieces(an_article("One.\n\nTwo.\n\nThree."))

    assert find_previous_page_start(listed, 2) == 1
    assert find_previous_page_start(listed, 3) == 1


def test_an_excerpt_belongs_to_the_piece_of_its_answer() -> None:
    body = f"One.\n\n{' '.join([SENTENCE] * 6)} At last it was dry.\n\nThree."

    assert find_piece_number(cite(body, "One.")) == 1
    assert find_piece_number(cite(body, "At last it was dry.")) == 3
    assert find_piece_number(cite(body, "Three.")) == 4
