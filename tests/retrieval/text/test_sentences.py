from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval.text.sentences import split_question, split_sentences

# "|" marks where one sentence ends and the next begins.
NEWS = {
    "two plain sentences": "He left.|She stayed.",
    "month in brackets": "The company announced it Friday (Feb. 27), and more came.|He left.",
    "month before a day": "He came on Sept. 5 and left on Feb. 27.",
    "month that ends a sentence": "The deal ended in Jan.|The rest is known.",
    "month after a colon": "More:Jan. 6 rioter apologizes.",
    "US before a name": "The U.S. Department of War said no.",
    "US before a long name": "He sued in the U.S. Supreme Court.",
    "US before a new sentence": "He moved to the U.S.|The company followed.",
    "US in brackets": "The nation (the U.S.) Congress leads.",
    "Sen.": "It was Sen. Smith who left.",
    "Rep.": "It was Rep. Jones who left.",
    "Gov.": "It was Lt. Gov. Lee who left.",
    "Gen.": "It was Maj. Gen. Milley who left.",
    "Spc.": "It was Spc. Lee who left.",
    "title in capitals": "GOP SEN. Smith left.",
    "Mr.": "It was Mr. Fox who left.",
    "Dr. before a name like a pronoun": "It was Dr. He who left.",
    "St. of a saint": "They ran in St. George.",
    "St. of a street": "She lives in Main St.|He does too.",
    "Jr.": "Martin Luther King Jr. Day is near.",
    "No. 10": "She left No. 10 in May.",
    "no that ends a sentence": "The answer was no.|Police left.",
    "Vol. before a number": "It is in Vol. 2 of the book.",
    "short name that ends a sentence": "He met Bob.|Smith left.",
    "letter that ends a question": "Is it plan B?|Police left.",
    "vs.": "It was Roe vs. Wade and Roe v. Wade.",
    "Inc.": "He runs Apple Inc. Asia from here.",
    "Inc. that ends a sentence": "He runs Apple Inc.|In 2011 he left.",
    "e.g.": "Take e.g. The Times.",
    "state": "He met Calif. Gov. Newsom.",
    "unknown short name": "It is in Ont. Kenora county.",
    "a.m. before a day": "It starts at 10 a.m. Monday and ends.",
    "a.m. before a bar": "It starts at 5 a.m. | Monday.",
    "a.m. before a digit": "It starts at 5 a.m. 10 people came.",
    "p.m. before a zone": "It ends at 5 p.m. EST on Monday.",
    "p.m. that ends a sentence": "It ended at 5 p.m.|Police left.",
    "initials": "J. K. Rowling met J.K. Rowling.",
    "middle initial": "Then George W. Bush spoke.",
    "Ph.D.": "A Ph.D. Student Union formed.",
    "Roman numeral": "It ended World War I.|The peace was short.",
    "list number": "1. First thing.|2. Second thing.",
    "list letter": "A. One thing.|B. Another thing.",
    "decimals": "It rose 3.5 percent to 10.25.|He left.",
    "money": "It cost $1.5 billion.|$2 were left.",
    "ellipsis within": "Well... maybe… Smith knows.",
    "ellipsis at an end": "Well...|Then he left.",
    "ellipsis between": "He shot 64.|... Smith shot 65.",
    "question with exclamation": "What?!|He left.",
    "typographic quote closed": "“This is bad.”|The company left.",
    "straight quote closed": '"This is bad."|The company left.',
    "single quote closed": "‘This is bad.’|The company left.",
    "quote opened": "The mayor left in a hurry, he said.|“People stayed.",
    "straight quote after a name": 'The end," Leffler said.|"People in general left," he said.',
    "stray space in a quote": "“No change in weapons, “ the company wrote.",
    "stray space after a stop": "“This is bad. “|The company left.",
    "stray space before a straight quote": '"This is bad. "|The company left.',
    "stray space after an opening": "The museum said.|“ We open soon.",
    "quotation of several": "“I came. I saw. I won,” he said.|She left.",
    "straight quotation of several": '"I came. I saw."|He left.',
    "quotation asked": "“Why?” Smith asked.|He left.",
    "quotation and what follows": "“Why?”|The crowd left.",
    "quotation in a quotation asked": "\"He said, 'What now?' \" Nash recalled.|He left.",
    "quotation in a quotation": "\"He said, 'What now?' \"|The crowd left.",
    "quotation never closed": '"People left.|He stayed.|"So what?" asked Jo.',
    "quotation closed twice": "They called it “Bloody Mingo.’’|Many left.",
    "sayer without a quotation": "He left.|Smith said more.",
    "bracketed sentence": "He left.|(He came back.)|Then he slept.",
    "bracket of several": "He left (and came. And went) again.",
    "bracket after a stop": "He left [to sleep.]|She stayed.",
    "apostrophe that opens": "He left.|’90s music played.",
    "Yahoo!": "The site Yahoo! said it grew.|He left.",
    "Yahoo! before a name": "The site Yahoo! Finance grew.",
    "address of a page": "See www.example.com/a.b?c=d now.|He left.",
    "file name": "Open notes.txt and main.PY first.",
    "no space before a new sentence": "He said it.|But then he left.",
    "name of a site in capitals": "Visit Booking.Com now.",
    "Chinese": "第一。|第二。",
    "name in mixed case": "Sales rose.|iPhone buyers queued.",
    "lower case goes on": "He wrote etc. and so on.",
    "dash goes on": "“That is all.” — Richard Bach",
}
NO_GAP = {"no space before a new sentence", "Chinese"}


@pytest.mark.parametrize(("name", "marked"), NEWS.items(), ids=NEWS.keys())
def test_news_is_split_at_its_sentences(name: str, marked: str) -> None:
    bar = "5 a.m. | Monday"
    expected = marked.replace(bar, bar.replace("|", "\0")).split("|")
    text = ("" if name in NO_GAP else " ").join(expected).replace("\0", "|")

    found = [span.extract(text) for span in split_sentences(text)]

    assert found == [sentence.replace("\0", "|") for sentence in expected]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n \n", "\u2028"])
def test_a_line_end_ends_a_sentence(end: str) -> None:
    text = f"A heading{end}and its line. Another"

    found = [span.extract(text) for span in split_sentences(text)]

    assert found == ["A heading", "and its line.", "Another"]


def test_offsets_are_code_points() -> None:
    text = "“Hi” 😀 there. Then 😀."

    found = split_sentences(text)

    assert found == ((0, 13), (14, 21))


def test_a_long_quotation_is_split_inside() -> None:
    text = "“" + "This is a part. " * 40 + "”"

    found = split_sentences(text)

    assert len(found) == 40


@pytest.mark.parametrize("beginning", ['"x" ' * 150, "x" * 5_000 + " "], ids=["quotes", "a word"])
def test_a_line_with_an_unusual_beginning_is_split_at_its_stops(beginning: str) -> None:
    text = f"{beginning}He left. She stayed."

    found = [span.extract(text) for span in split_sentences(text)]

    assert found == [f"{beginning}He left.", "She stayed."]


def test_marks_at_the_end_stay_with_the_last_sentence() -> None:
    text = "It is over. * * *"

    found = [span.extract(text) for span in split_sentences(text)]

    assert found == [text]


@pytest.mark.parametrize("text", ["", "  ", "\n\n", "\u00a0\u2003"])
def test_white_space_holds_no_sentence(text: str) -> None:
    assert split_sentences(text) == ()


@pytest.mark.parametrize("white", ["\u00a0", "\u2003", "\u3000"])
def test_white_space_between_a_capital_and_a_stop_is_harmless(white: str) -> None:
    text = f"Take plan B{white}. He left."

    found = [span.extract(text) for span in split_sentences(text)]

    assert found == [f"Take plan B{white}.", "He left."]


PIECES = st.lists(
    st.sampled_from("aBB..!\n\r\u00a0\x85\u2028\u200b\u0301😀1。“”\"'()…")
    | st.sampled_from([" ", "U.S.", "a.m.", "The ", "Mr. ", "No. ", "He. "])
).map("".join)


@given(PIECES | st.text())
def test_sentences_are_in_order_trimmed_and_lose_nothing(text: str) -> None:
    found = split_sentences(text)

    assert all(
        span.extract(text) and span.extract(text) == span.extract(text).strip() for span in found
    )
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert "".join("".join(span.extract(text).split()) for span in found) == "".join(text.split())


@pytest.mark.parametrize(
    "question",
    [
        "Who won?",
        "Corporate America is canceling Kanye West. Which company cut ties first?",
        "Wednesday was World Water Day. What share of people lacks clean water?",
        "Tell me about the U.S. Senate. Who leads it?",
        "“It is over.” Who said so?",
    ],
)
def test_a_question_is_split_like_other_text(question: str) -> None:
    assert split_question(question) == split_sentences(question)


def test_a_line_of_stops_is_not_split() -> None:
    assert len(split_sentences("A. B. Then he left. " * 1_000)) == 1
