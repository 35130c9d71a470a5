import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from bot.english.word_lists import ENGLISH
from bot.retrieval.question.query import parse_query
from bot.retrieval.search_index import SearchIndex
from bot.retrieval.text.terms import Analyser
from bot.search.snapshot import FORMAT_VERSION, load_index, save_index
from tests.builders import (
    PUBLISHED_ON,
    an_article,
    an_index,
    seed_articles,
    the_analyser,
    what_is_found,
)

CHECKSUM_BYTES = 32
LIBRARY = "library"
CORPUS = an_index(
    an_article("The river rose by two metres.\n\nThe bridge was closed."),
    an_article("The council met.", id="council", source=None, title="Ärger im Rat"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "corpus.npz"


@pytest.fixture
def saved(path: Path) -> Path:
    save_index(CORPUS, path, LIBRARY)
    return path


def is_loaded(path: Path, analyser: Analyser | None = None) -> bool:
    return load_index(path, analyser or the_analyser(), LIBRARY) is not None


def are_equal(one: SearchIndex, other: SearchIndex) -> bool:
    """Return whether the two indexes are equal to the last bit."""
    arrays, others = one.to_arrays(), other.to_arrays()
    return arrays.keys() == others.keys() and all(
        array.dtype == others[name].dtype and np.array_equal(array, others[name])
        for name, array in arrays.items()
    )


def members(path: Path) -> dict[str, range]:
    """Return the range of bytes, header included, of each member of the zip file."""
    with zipfile.ZipFile(path) as archive:
        starts = {member.filename: member.header_offset for member in archive.infolist()}
        ends = [*list(starts.values())[1:], archive.start_dir]
    return {
        name: range(start, end) for (name, start), end in zip(starts.items(), ends, strict=True)
    }


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 0x01
    path.write_bytes(content)


def test_a_saved_index_is_loaded_unchanged(saved: Path) -> None:
    loaded = load_index(saved, the_analyser(), LIBRARY)

    assert loaded is not None
    assert are_equal(loaded, CORPUS)
    assert list(loaded.articles) == list(CORPUS.articles)


def test_a_saved_index_answers_like_the_original(saved: Path) -> None:
    query = parse_query("river", today=PUBLISHED_ON, analyser=the_analyser())
    loaded = load_index(saved, the_analyser(), LIBRARY)

    assert loaded is not None
    assert what_is_found(query, loaded) == what_is_found(query, CORPUS)


def test_an_empty_index_is_loaded(path: Path) -> None:
    save_index(an_index(), path, LIBRARY)

    loaded = load_index(path, the_analyser(), LIBRARY)

    assert loaded is not None
    assert len(loaded.articles) == 0


def test_only_the_file_remains_in_the_folder(saved: Path) -> None:
    assert list(saved.parent.iterdir()) == [saved]


def test_a_failed_write_leaves_the_folder_unchanged(tmp_path: Path) -> None:
    obstacle = tmp_path / "corpus.npz"
    obstacle.mkdir()

    with pytest.raises(OSError, match="directory"):
        save_index(CORPUS, obstacle, LIBRARY)

    assert list(tmp_path.iterdir()) == [obstacle]


def test_the_index_of_another_library_is_not_loaded(saved: Path) -> None:
    assert load_index(saved, the_analyser(), "another") is None


def test_the_format_version_changes_with_the_saved_arrays() -> None:
    arrays = an_index(*seed_articles()).to_arrays()
    content = sha256()
    for name in sorted(arrays):
        content.update(name.encode() + str(arrays[name].dtype).encode() + arrays[name].tobytes())

    assert (FORMAT_VERSION, content.hexdigest()[:16]) == (3, "5e2a1d30486b8f68")


def test_a_missing_file_is_not_loaded(path: Path) -> None:
    assert not is_loaded(path)


def test_a_folder_in_its_place_is_not_loaded(path: Path) -> None:
    path.mkdir()

    assert not is_loaded(path)


def test_a_truncated_file_is_not_loaded(saved: Path) -> None:
    whole = saved.read_bytes()

    for length in {*range(0, len(whole), 97), *range(40), len(whole) - 1}:
        saved.write_bytes(whole[:length])

        assert not is_loaded(saved), length


def test_one_flipped_byte_in_any_member_of_the_zip_is_noticed(saved: Path) -> None:
    whole = saved.read_bytes()
    places = {name: (*span[:: len(span) // 40], span[-1]) for name, span in members(saved).items()}

    assert {f"{name}.npy" for name in CORPUS.to_arrays()} == places.keys()
    for name, some in places.items():
        for place in some:
            flip(saved, place)

            assert not is_loaded(saved), (name, place)
            saved.write_bytes(whole)


@pytest.mark.parametrize("place", [0, 31, -1, -22, -60], ids=str)
def test_one_flipped_byte_around_the_members_is_noticed(saved: Path, place: int) -> None:
    flip(saved, place)

    assert not is_loaded(saved)


def test_a_header_with_a_shorter_array_is_noticed(saved: Path) -> None:
    whole = saved.read_bytes()
    count = str(CORPUS.to_arrays()["records"].shape).encode()
    fewer = b"(0" + count[2:]
    assert whole.count(count) == 1

    saved.write_bytes(whole.replace(count, fewer))

    assert not is_loaded(saved)


@pytest.mark.parametrize(
    ("shift", "fingerprint", "expected"),
    [
        pytest.param(0, ENGLISH.fingerprint, True, id="the same"),
        pytest.param(1, ENGLISH.fingerprint, False, id="another format"),
        pytest.param(0, "other", False, id="other word lists"),
    ],
)
def test_an_index_of_another_format_or_other_word_lists_is_not_loaded(
    saved: Path, *, shift: int, fingerprint: str, expected: bool
) -> None:
    content = saved.read_bytes()
    number = str(FORMAT_VERSION + shift)
    made_of = "\n".join([number, LIBRARY, fingerprint, *sorted(the_analyser().stop_words)])
    checksum = sha256(made_of.encode() + content[CHECKSUM_BYTES:]).digest()

    saved.write_bytes(checksum + content[CHECKSUM_BYTES:])

    assert is_loaded(saved) is expected


def test_an_index_with_other_stop_words_is_not_loaded(saved: Path) -> None:
    stop_words = the_analyser().stop_words

    assert not is_loaded(saved, Analyser(stop_words | {"river"}))
    assert is_loaded(saved, Analyser(sorted(stop_words, reverse=True)))


def test_saving_replaces_the_earlier_index(saved: Path) -> None:
    other = an_index(replace(an_article(), revision=2))

    save_index(other, saved, LIBRARY)

    loaded = load_index(saved, the_analyser(), LIBRARY)
    assert loaded is not None
    assert are_equal(loaded, other)
