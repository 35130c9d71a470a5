import os
import stat
from hashlib import blake2b
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.runtime.pseudonyms import KEY_BYTES, KEY_FILE, Pseudonymizer

PERSON = 123456789012345678


def test_a_person_keeps_the_pseudonym_over_restarts(tmp_path: Path) -> None:
    first = Pseudonymizer.from_folder(tmp_path).pseudonymize(PERSON)

    second = Pseudonymizer.from_folder(tmp_path).pseudonymize(PERSON)

    assert first == second


def test_two_people_have_two_pseudonyms(tmp_path: Path) -> None:
    people = Pseudonymizer.from_folder(tmp_path)

    assert people.pseudonymize(PERSON) != people.pseudonymize(PERSON + 1)


def test_the_pseudonym_depends_on_the_key(tmp_path: Path) -> None:
    here = Pseudonymizer.from_folder(tmp_path / "here")
    there = Pseudonymizer.from_folder(tmp_path / "there")

    assert here.pseudonymize(PERSON) != there.pseudonymize(PERSON)


def test_a_pseudonym_is_the_keyed_hash_of_the_id_in_hex() -> None:
    key = bytes(range(KEY_BYTES))

    pseudonym = Pseudonymizer(key).pseudonymize(PERSON)

    assert pseudonym == blake2b(b"123456789012345678", key=key, digest_size=16).hexdigest()


def test_the_key_is_made_for_its_owner_alone_and_nothing_else_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"

    Pseudonymizer.from_folder(folder)

    (secret,) = folder.iterdir()
    assert secret.name == KEY_FILE
    assert len(secret.read_bytes()) == KEY_BYTES
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_printing_the_pseudonymizer_does_not_show_the_key() -> None:
    key = b"k" * KEY_BYTES

    assert "kkk" not in repr(Pseudonymizer(key))


@pytest.mark.parametrize("size", [0, KEY_BYTES - 1, KEY_BYTES + 1])
def test_a_key_of_another_size_is_refused_without_being_shown(tmp_path: Path, size: int) -> None:
    path = tmp_path / KEY_FILE
    path.write_bytes(b"k" * size)

    with pytest.raises(
        SettingsError, match=rf"It has {size} bytes instead of 32.*delete it"
    ) as caught:
        Pseudonymizer.from_folder(tmp_path)

    assert caught.value.source == str(path)
    assert "kkk" not in str(caught.value)


def test_a_key_that_can_not_be_read_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).mkdir()

    with pytest.raises(SettingsError, match=r"It can't be used \(Is a directory\)"):
        Pseudonymizer.from_folder(tmp_path)


def test_a_folder_that_can_not_be_made_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SettingsError, match=r"It can't be used \(Not a directory\)"):
        Pseudonymizer.from_folder(tmp_path / "file" / "data")


def test_a_key_half_written_is_never_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(SettingsError, match="No space left on device"):
        Pseudonymizer.from_folder(tmp_path)

    assert not list(tmp_path.iterdir())
