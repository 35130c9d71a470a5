"""Errors of the system that mean a full or failing disk."""

import errno
import os

import pytest

from bot.runtime.disk_errors import describe_reason, is_disk_error


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_an_error_of_the_disk_is_named_as_such(code: int) -> None:
    error = OSError(code, os.strerror(code))

    assert is_disk_error(error)
    assert describe_reason(error) == f"the disk is full or failing: {os.strerror(code)}"


def test_any_other_error_is_described_in_the_words_of_the_system() -> None:
    error = PermissionError(errno.EACCES, "Permission denied")

    assert not is_disk_error(error)
    assert describe_reason(error) == "Permission denied"


def test_an_error_without_words_of_the_system_is_described_in_its_own() -> None:
    assert describe_reason(OSError("cannot seek")) == "cannot seek"
