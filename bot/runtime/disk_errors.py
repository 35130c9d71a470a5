"""Recognising a full or failing disk among the errors of the system."""

import errno

DISK_REASON = "the disk is full or failing"
DISK_REMEDY = "Free some space or check the disk, then try again."

# A disk quota counts as a disk.
_DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EIO}


def is_disk_error(error: OSError) -> bool:
    """Return whether the disk, or the user's share of it, is full or failing."""
    return error.errno in _DISK_ERRORS


def describe_reason(error: OSError) -> str:
    """Return the reason for an error in the words of the system, and whether it is the disk."""
    reason = error.strerror or str(error)
    return f"{DISK_REASON}: {reason}" if is_disk_error(error) else reason
