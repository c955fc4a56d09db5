"""What variants must be to each other, and what is shown of that, without a database."""

from typing import Any

import pytest

from catalog.rules import (
    availability_of,
    check_options,
    may_change_availability,
    options_in_order,
    picture_for,
    shared_options,
)


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


@pytest.mark.parametrize(
    ("pieces", "word"),
    [(0, "sold_out"), (1, "few_left"), (3, "few_left"), (4, "in_stock"), (10_000, "in_stock")],
)
def test_what_is_said_of_so_many(pieces: int, word: str) -> None:
    assert availability_of(pieces) == word


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [(10, 4, False), (10, 3, True), (3, 10, True), (4, 10, False), (0, 1, True), (2, 2, False)],
)
def test_which_moves_can_change_it(before: int, after: int, may: bool) -> None:
    assert may_change_availability(before, after) is may


def test_no_move_that_changes_it_is_overlooked() -> None:
    """Whatever there is of the product's other variants."""
    for others in range(6):
        for before in range(8):
            for after in range(8):
                words = {availability_of(others + pieces) for pieces in (before, after)}
                assert len(words) == 1 or may_change_availability(before, after)


def test_options_as_they_are_typed() -> None:
    variants = [
        {"size": "M", "colour": "Red"},
        {"size": "S", "colour": "Red"},
        {"size": "M", "colour": "Blue"},
    ]
    ordered = options_in_order(variants)
    assert list(ordered.items()) == [("size", ["M", "S"]), ("colour", ["Red", "Blue"])]


RED, BLUE, WHOLE = {"colour": "Red"}, {"colour": "Blue"}, dict[str, str]()


@pytest.mark.parametrize(
    ("pictures", "place"),
    [
        ([], None),
        ([WHOLE], 0),
        ([BLUE], 0),  # better than none
        ([BLUE, WHOLE], 1),
        ([WHOLE, RED], 1),
        ([BLUE, WHOLE, RED, RED], 2),
        ([BLUE, {"colour": "red "}], 1),
        ([WHOLE, {"colour": "Red", "size": "S"}], 0),
        ([WHOLE, {"colour": "Red", "size": "M"}], 1),
        ([{"size": "M"}, RED], 0),
    ],
)
def test_which_picture_shows_a_red_one_in_m(
    pictures: list[dict[str, str]], place: int | None
) -> None:
    assert picture_for({"colour": "Red", "size": "M"}, pictures) == place


@pytest.mark.parametrize(
    ("options", "shared"),
    [
        ([RED], RED),
        ([{"colour": "Red", "size": "S"}, {"size": "M", "colour": "red"}], RED),
        ([RED, BLUE], {}),
        ([RED, WHOLE], {}),
    ],
)
def test_what_options_have_in_common(options: list[dict[str, str]], shared: dict[str, str]) -> None:
    assert shared_options(options) == shared
