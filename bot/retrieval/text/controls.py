"""Visible substitutes for control characters, which could steer a terminal or break a message.

Texts are stored and quoted as they are. Each output applies these functions as its last step.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

_PICTURES_START = 0x2400
"""The code point of ␀, the picture of the first control character; the others follow it."""

_UNKNOWN = "\N{REPLACEMENT CHARACTER}"

SUBSTITUTES: Mapping[str, str] = MappingProxyType(
    {chr(code): chr(_PICTURES_START + code) for code in range(0x20) if chr(code) not in "\n\t"}
    | {"\x7f": "␡", "\u2028": "␤", "\u2029": "␤"}
    # The controls of ISO 6429 have no pictures. U+009B alone begins a command to a terminal.
    | {chr(code): _UNKNOWN for code in range(0x80, 0xA0)}
)
"""The substitute of each control character except newline and tab."""

# Half of a surrogate pair is no character and can't be encoded. Python decodes the bytes of a file
# name that is not UTF-8 as such halves. Measured: `str.translate` takes ten times as long.
_CONTROL = re.compile(f"[{''.join(SUBSTITUTES)}\ud800-\udfff]")
# What `json.dumps` leaves as it is, and controls of the text's direction.
_UNSAFE_IN_JSON = re.compile(
    "[\x7f-\x9f\u2028\u2029\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def show_controls(text: str) -> str:
    """Return the text, of the same length, with a visible substitute for each control character.

    Newlines and tabs stay. A C0 control becomes its picture such as ␛, a line or paragraph
    separator ␤, and a control without a picture or half of a surrogate pair becomes U+FFFD.
    """
    return _CONTROL.sub(lambda match: SUBSTITUTES.get(match[0], _UNKNOWN), text)


def escape_json_controls(serialized: str) -> str:
    r"""Return a JSON text with each control character as an escape such as `\u009b`.

    The value does not change: JSON texts can contain such characters only inside strings.
    """
    return _UNSAFE_IN_JSON.sub(lambda match: rf"\u{ord(match[0]):04x}", serialized)
