"""One checkout, sent again and again."""

import uuid

from tests.endtoend.buyers import Answer, Buyer, at_once
from tests.endtoend.deployment import Deployment


def send_ten_times(shop: Deployment, buyer: Buyer, key: str) -> list[Answer]:
    buyer.fill_cart(shop.article(10))
    return at_once([lambda: buyer.check_out(key=key) for _ in range(10)])


def test_one_order_and_one_answer(shop: Deployment, port: int) -> None:
    buyer, key = Buyer(port, uuid.uuid4().hex), str(uuid.uuid4())

    answers = send_ten_times(shop, buyer, key)

    (order,) = shop.orders([buyer])
    assert [answer.status for answer in answers] == [202] * 10
    assert [answer.body for answer in answers] == [answers[0].body] * 10
    assert answers[0].body["number"] == order["number"]


def test_another_body_is_refused(shop: Deployment, port: int) -> None:
    buyer, key = Buyer(port, uuid.uuid4().hex), str(uuid.uuid4())
    other = Buyer(port, uuid.uuid4().hex)
    buyer.fill_cart(shop.article(10))
    buyer.check_out(key=key)

    answer = buyer.check_out(key=key, email=other.email)

    assert (answer.status, answer.body["code"]) == (422, "idempotency_key_reused")
    assert shop.orders([other]) == []


def test_keys_make_the_answers_the_same(shop: Deployment) -> None:
    """Without them the emptied cart still prevents a second order, but nine are told no."""
    with shop.server(hooks="answers_not_kept") as port:
        buyer, key = Buyer(port, uuid.uuid4().hex), str(uuid.uuid4())
        answers = send_ten_times(shop, buyer, key)
        other_body = buyer.check_out(key=key, email="other@example.com")

    assert sorted(answer.status for answer in answers) == [202] + [400] * 9
    assert other_body.status == 400
    assert len(shop.orders([buyer])) == 1
