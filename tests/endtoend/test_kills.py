"""A worker killed at every moment between receiving an order's message and deleting it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.endtoend.buyers import Buyer, fill_carts
from tests.endtoend.deployment import Deployment, Row, states, wait_for

STOCK = 1000
VISIBILITY = 6  # seconds until an unfinished message comes again; 180 in production
RESERVATION = "writing catalog_stock, catalog_stockmovement, orders_order"
CHARGE, PAYMENT = "writing payments_testcharge", "writing payments_payment"
END = "writing orders_order, outbox_outboxmessage"
CONFIRMATION = f"{END}, payments_payment"
MARK, TAKEN = "writing mails_mail", "writing outbox_outboxmessage"
MAIL, DELETION = "sending the mail", "deleting the message"


def around(what: str, *between: str) -> tuple[str, ...]:
    return (f"before {what}", *between, f"after {what}")


MAILED = around(MARK) + around(MAIL) + around(MARK) + around(TAKEN) + around(DELETION)
RESERVED = around("step reserve", *around(RESERVATION))
PAID = around(CHARGE) + around(PAYMENT)
RELEASE = "writing catalog_stock, catalog_stockmovement, orders_order, outbox_outboxmessage"
DECLINED = "writing cache", "writing cart_cart"  # that a network's, and a cart's, was declined
#: Of each kind of order, of each message that is about it.
MOMENTS = {
    "confirmed": {
        "placed": RESERVED
        + around("step pay", *around(CHARGE), *around(CONFIRMATION))
        + around(DELETION),
        "mail": MAILED,
    },
    "declined": {
        "placed": RESERVED
        + around("step pay", *PAID, *around(RELEASE), *around(DECLINED[0]), *around(DECLINED[1]))
        + around(DELETION),
        "mail": MAILED,
    },
    "sold-out": {
        "placed": around("step reserve", *around(END)) + around(DELETION),
        "mail": MAILED,
    },
}
KILLS = [
    (path, part, number)
    for path, parts in MOMENTS.items()
    for part, moments in parts.items()
    for number in range(len(moments))
]
ENDS = {
    "confirmed": ["created", "prepared", "confirmed"],
    "declined": ["created", "prepared", "cancelled"],
    "sold-out": ["created", "cancelled"],
}


@dataclass
class Aftermath:
    """What is there when all is over: by the beginning of an order's email."""

    orders: dict[str, Row]
    charges: dict[str, list[str]]
    mails: dict[str, list[str]]
    notes: dict[str, str]
    stocks: dict[str, tuple[int, int]]


@contextmanager
def mortal_workers(shop: Deployment, number: int, folder: Path, hooks: str = "") -> Iterator[None]:
    """Workers that die as told, with a mail lease in proportion to the short visibility."""
    hooks = f"short_mail_lease,prompt_sweeper,{hooks}"
    command = ["tests.endtoend.mortal_worker", str(folder)]
    shop.set_visibility_timeout(VISIBILITY)
    children = [shop.spawn("mortal", command, SHOP_TEST_HOOKS=hooks)[0] for _ in range(number)]
    try:
        yield
    finally:
        for child in children:
            child.kill()


def look_back(shop: Deployment, buyers: list[Buyer], folder: Path) -> Aftermath:
    names = {buyer.email: buyer.email.partition("@")[0] for buyer in buyers}
    rows = shop.orders(buyers)
    charges, mails = shop.charges(rows), shop.mails(buyers)
    return Aftermath(
        orders={names[row["email"]]: row for row in rows},
        charges={
            names[row["email"]]: [
                charge["status"]
                for charge in charges
                if charge["reference"].startswith(row["number"])
            ]
            for row in rows
        },
        mails={
            name: [subject for to, subject in mails if to == email] for email, name in names.items()
        },
        notes={path.name: path.read_text() for path in folder.iterdir()},
        stocks={},
    )


@pytest.fixture(scope="module")
def aftermath(shop: Deployment, port: int, tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    """Every moment has killed the worker of one order of each kind; all orders have ended."""
    folder = tmp_path_factory.mktemp("kills")
    skus = {path: shop.article(STOCK) for path in MOMENTS}
    methods = {"declined": "test-declined"}
    buyers = {
        path: [
            Buyer(port, f"{path}-{end}", payment_method=methods.get(path, "test-ok"))
            for end in ("whole", *(f"{part}-{n}" for known, part, n in KILLS if known == path))
        ]
        for path in MOMENTS
    }
    everybody = [buyer for some in buyers.values() for buyer in some]
    for path, some in buyers.items():
        fill_carts(some, skus[path])
    shop.set_stock(skus["sold-out"], 0)
    assert {buyer.check_out().status for buyer in everybody} == {202}

    with mortal_workers(shop, 2, folder):
        shop.settle(everybody)
        wait_for(lambda: shop.waiting() == 0, lambda: f"{shop.waiting()} messages left")
    assert shop.waiting("-dlq") == 0

    found = look_back(shop, everybody, folder)
    found.stocks = {path: shop.stock(sku) for path, sku in skus.items()}
    return found


@pytest.mark.parametrize("path", MOMENTS)
def test_the_moments_are_all_there_are(aftermath: Aftermath, path: str) -> None:
    """A new step or effect in the process shows here, and wants its moments above."""
    parts = {
        name.rpartition(".")[2]: tuple(note.splitlines())
        for name, note in aftermath.notes.items()
        if name.startswith(f"{path}-whole.")
    }
    assert parts == MOMENTS[path]


@pytest.mark.parametrize(
    ("path", "part", "number"),
    [
        pytest.param(
            *kill, id=f"{kill[0]} {kill[1]} {MOMENTS[kill[0]][kill[1]][kill[2]]} {kill[2]}"
        )
        for kill in KILLS
    ],
)
def test_killed(aftermath: Aftermath, path: str, part: str, number: int) -> None:
    """The order ends as if nothing had happened, with one payment and one mail.

    One mail is not to be had between SES's taking it and the mark that it was sent:
    nobody can tell the two deaths apart, one before and one after SES took it. There the
    design promises the mail at least once, and here it comes exactly twice.
    """
    name, moments = f"{path}-{part}-{number}", MOMENTS[path][part]
    sent = MAILED.index(f"after {MAIL}")
    assert aftermath.notes[name] == moments[number]
    assert states(aftermath.orders[name]) == ENDS[path]
    assert aftermath.charges[name] == {"confirmed": ["charged"], "declined": ["declined"]}.get(
        path, []
    )
    twice = part == "mail" and number in (sent, sent + 1)
    assert len(aftermath.mails[name]) == (2 if twice else 1)


def test_the_stock_is_right(aftermath: Aftermath) -> None:
    sold = sum(map(len, MOMENTS["confirmed"].values())) + 1
    assert aftermath.stocks == {
        "confirmed": (STOCK - sold, sold),
        "declined": (STOCK, 0),
        "sold-out": (0, 0),
    }


def test_what_makes_it_once(shop: Deployment, port: int, tmp_path: Path) -> None:
    """Without the gateway's reference there are two charges, without the marks two mails."""
    group, sku = uuid.uuid4().hex, shop.article(STOCK)
    moments = {"placed": f"after {CHARGE}", "mail": f"before {DELETION}"}
    names = {
        part: f"{group}-{part}-{MOMENTS['confirmed'][part].index(moment)}"
        for part, moment in moments.items()
    }
    buyers = [Buyer(port, name) for name in names.values()]
    fill_carts(buyers, sku)
    for buyer in buyers:
        buyer.check_out()

    with mortal_workers(shop, 1, tmp_path, "forgetful_gateway,forgotten_mails"):
        wait_for(lambda: noted(tmp_path, names), lambda: f"not all of {names} killed")
        wait_for(lambda: shop.waiting() == 0, lambda: f"{shop.waiting()} messages left")

    found = look_back(shop, buyers, tmp_path)
    assert {what: found.notes[name] for what, name in names.items()} == moments
    assert {what: len(found.charges[name]) for what, name in names.items()} == {
        "placed": 2,
        "mail": 1,
    }
    assert {what: len(found.mails[name]) for what, name in names.items()} == {
        "placed": 1,
        "mail": 2,
    }


def noted(folder: Path, names: dict[str, str]) -> bool:
    return all((folder / name).exists() for name in names.values())


def test_deleting_first_leaves_it_to_the_sweeper(
    shop: Deployment, port: int, tmp_path: Path
) -> None:
    """What brings a killed worker's order back at once is that its message was not deleted.

    The outbox still has it: without that, too, the order would be lost.
    """
    name = f"{uuid.uuid4().hex}-placed-{RESERVED.index('after step reserve')}"
    buyer = Buyer(port, name)
    buyer.fill_cart(shop.article(STOCK))
    buyer.check_out()

    with mortal_workers(shop, 1, tmp_path, "deletes_first,no_sweeper"):
        wait_for((tmp_path / name).exists, lambda: "nobody was killed")

    (order,) = shop.orders([buyer])
    assert (shop.waiting(), states(order)) == (0, ["created", "prepared"])
    bodies = [row["body"] for row in shop.rows("outbox_outboxmessage")]
    assert bodies == [{"order": order["number"]}]
