"""Routes such as `/channels/{channel}/messages` as regular expressions."""

import re

ESCAPED_PARAMETER = re.compile(r"\\\{(\w+)\\\}")


def compile_route(route: str) -> re.Pattern[str]:
    """Compile a route; each parameter becomes a named group that matches up to a slash."""
    return re.compile(ESCAPED_PARAMETER.sub(r"(?P<\1>[^/]+)", re.escape(route)))
