"""The audits find what they are for."""

from typing import Any

import pytest

from tests.aws_lambda.gateway import Answer
from tests.soak.audits import follows, is_chain, possible_sums
from tests.soak.journal import Journal, Placed, Save
from tests.soak.managers import refused_rows, told_of_rows
from tests.soak.pages import Reply


def save(shown: Any, typed: Any, *, opened: float = 0, at: float = 1, told: str = "saved") -> Save:
    """One that took a tenth of a second, from a page that took as long."""
    return Save(
        "somebody", "catalog_product", "1", "name", shown, typed, at, at + 0.1, told,
        (opened, opened + 0.1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("saves", "stored", "faults"),
    [
        ([save("a", "b"), save("b", "c")], "c", 0),
        ([save("a", "b"), save("a", "c", told="refused")], "b", 0),
        ([save("a", "b"), save("a", "c", told="refused")], "c", 1),  # what was refused is there
        ([save("a", "b"), save("a", "c")], "c", 2),  # one save undid another
        ([save("a", "b"), save("b", "c")], "b", 1),  # a save is gone
        ([save("a", "b"), save("x", "c")], "c", 2),  # nobody saved x
        ([save("a", "b"), save(None, "c")], "c", 0),
        ([], "a", 0),
        ([], "b", 1),
    ],
)
def test_saves_are_a_chain(saves: list[Save], stored: str, faults: int) -> None:
    assert len(list(is_chain(saves, "a", stored))) == faults


@pytest.mark.parametrize(
    ("second_at", "stored", "faults"),
    [(2, "archived", 0), (2, "active", 1), (1.05, "active", 0), (1.05, "archived", 0)],
)
def test_the_last_word_stands(second_at: float, stored: str, faults: int) -> None:
    saves = [save(None, "active", at=1), save(None, "archived", at=second_at)]
    assert len(list(follows(saves, "draft", stored))) == faults


@pytest.mark.parametrize(
    ("saves", "sums"),
    [
        ([save(10, 15, opened=0, at=1), save(15, 12, opened=2, at=3)], {2}),
        ([save(10, 15, opened=0, at=1), save(10, 15, opened=0, at=3)], {5}),  # both found 15
        ([save(10, 15, opened=0, at=1), save(10, 15, opened=0, at=1.05)], {0, 5, 10}),
        ([], {0}),
    ],
)
def test_counts_add_up(saves: list[Save], sums: set[int]) -> None:
    assert possible_sums(saves) == sums


def test_a_key_has_one_order() -> None:
    journal = Journal()
    journal.placed(Placed("A", "key", "a@example.com", "test-ok", 0))
    journal.placed(Placed("A", "key", "a@example.com", "test-ok", 0))
    assert not journal.faults
    journal.placed(Placed("B", "key", "a@example.com", "test-ok", 0))
    assert list(journal.faults) == ["key key ordered A and B"]


def test_rows_of_a_list_that_were_refused() -> None:
    html = """<input name="form-0-id" value="7"><input name="form-1-id" value="8">
    <table><tr><td><input name="form-0-brand"></td></tr>
    <tr><td><ul class="errorlist"><li>Changed</li></ul></td></tr>
    <tr><td><input name="form-1-brand"></td></tr></table>"""
    assert refused_rows(html) == {"8"}


def reply(*messages: str) -> Reply:
    listed = "".join(f'<li class="success">{each}</li>' for each in messages)
    body = f'<ul class="messagelist">{listed}</ul>'.encode()
    return Reply(Answer(200, {}, body, encoded=False), "", 0, 1)


@pytest.mark.parametrize(
    ("replies", "told"),
    [
        ([reply("Saved 2 products: A and B.")], ["saved"]),
        ([reply("Saved 1 product: A."), reply("Saved 1 product: B.")], ["saved", "already"]),
        ([reply("Saved 2 products: A and B."), reply("2 products …")], ["saved", "already"]),
        ([reply("Saved 2 products: A."), reply("Saved 2 products: A.")], ["saved", "saved"]),
        ([reply("Saved 1 product: A.")], ["unknown"]),
    ],
)
def test_two_clicks_save_each_row_once(replies: list[Reply], told: list[str]) -> None:
    assert told_of_rows(replies, ["7", "8"]) == {"7": told, "8": told}
