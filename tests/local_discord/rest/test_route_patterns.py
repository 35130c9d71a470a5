import pytest

from bot.local_discord.rest.route_patterns import compile_route


def test_each_parameter_of_a_route_is_a_named_group() -> None:
    match = compile_route("/channels/{channel}/messages/{message}").fullmatch(
        "/channels/1/messages/@original"
    )

    assert match is not None
    assert match.groupdict() == {"channel": "1", "message": "@original"}


@pytest.mark.parametrize("path", ["/users/1/2", "/users/", "/users"])
def test_a_parameter_matches_one_part_of_a_path(path: str) -> None:
    assert compile_route("/users/{user}").fullmatch(path) is None


def test_the_rest_of_a_route_is_literal() -> None:
    pattern = compile_route("/a.b/{c}")

    assert pattern.fullmatch("/a.b/1")
    assert not pattern.fullmatch("/axb/1")
