"""What variants must be to each other, without a database."""

from typing import Any

import pytest

from catalog.rules import check_options


@pytest.mark.parametrize(
    ("options", "sentences"),
    [
        ({}, []),
        ({"A": {}}, []),
        ({"A": {"size": "S"}}, []),
        ({"A": {"size": "S"}, "B": {"size": "M"}}, []),
        ({"A": {"size": "S", "colour": "Red"}, "B": {"colour": "Red", "size": "M"}}, []),
        (
            {"A": {"size": "S"}, "B": {"size": "s "}},
            ["A and B have the same options: each variant differs from the others."],
        ),
        (
            {"A": {"size": "S", "colour": "Red"}, "B": {"colour": "red", "size": "S"}},
            ["A and B have the same options: each variant differs from the others."],
        ),
        (
            {"A": {}, "B": {}, "C": {}},
            ["A, B and C have no options: say in what they differ, as in size=M."],
        ),
        (
            {"A": {"size": "S", "colour": "Red"}, "B": {"size": "M"}, "C": {}},
            [
                "B lacks colour: all variants of a product have the same options.",
                "C lacks size and colour: all variants of a product have the same options.",
            ],
        ),
        (
            {"A": {"Size": "S"}, "B": {"size": "M"}},
            [
                "A lacks size: all variants of a product have the same options.",
                "B lacks Size: all variants of a product have the same options.",
            ],
        ),
    ],
)
def test_options(options: dict[str, Any], sentences: list[str]) -> None:
    assert check_options(options) == sentences
