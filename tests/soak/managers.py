"""Managers, who change the same products at the same time: forms, lists, counts, actions."""

import re
from dataclasses import dataclass
from typing import Any

from tests.backoffice.browser import Inputs
from tests.soak.journal import Save
from tests.soak.pages import Reply, Staff
from tests.soak.people import World

PRODUCTS = "/admin/catalog/product/"
TEXTS = ("name", "brand", "description")
ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
KEY_OF_ROW = re.compile(r'name="form-(\d+)-id" value="(\d+)"')
SAVED = re.compile(r"Saved (\d+) ")
INPUT = re.compile(r'name="form-(\d+)-')


@dataclass(frozen=True)
class Change:
    """What is typed into one input: of which row, and from what."""

    table: str
    key: str
    field: str
    shown: Any
    typed: Any


class Manager(Staff):
    """`hot` are ids of products that all managers change, `others` the rest; `categories` are
    those that they rename."""

    role = "manager"

    def __init__(
        self,
        world: World,
        name: str,
        place: int,
        *,
        hot: list[str],
        others: list[str],
        categories: list[str],
    ):
        super().__init__(world, name, place)
        self.hot, self.others, self.categories = hot, others, categories

    def work(self) -> None:
        deeds = (
            (self.edit_product, 38),
            (self.count_stock, 28),
            (self.edit_list, 18),
            (self.publish_or_archive, 10),
            (self.rename_category, 6),
        )
        self.rng.choices([deed for deed, _ in deeds], [weight for _, weight in deeds])[0]()

    def product(self) -> str:
        return self.rng.choice(self.hot if self.chance(0.8) else self.others)

    # One product's form ---------------------------------------------------------------------

    def edit_product(self) -> None:
        key = self.product()
        address = f"{PRODUCTS}{key}/change/"
        fields = self.open(address)
        self.think(6)
        self.save(address, key, fields, self.some_changes(key, fields))

    def count_stock(self) -> None:
        """Goods came in, or some are missing, while customers buy."""
        key = self.product()
        address = f"{PRODUCTS}{key}/change/"
        fields = self.open(address)
        rows = self.rows(fields)
        chosen = self.rng.sample(rows, min(len(rows), self.rng.randint(1, 3)))
        changes = {}
        for row in chosen:
            name = f"variants-{row}-stock"
            shown = int(fields[name][0])
            typed = (
                shown + self.rng.randint(5, 40) if shown < 60 else shown - self.rng.randint(1, 5)
            )
            sku = fields[f"variants-{row}-sku"][0]
            changes[name] = Change("catalog_stock", sku, "available", shown, typed)
        self.think(5)
        self.save(address, key, fields, changes)

    def rename_category(self) -> None:
        """Its products are listed anew by the catalogue's queue, while others save them."""
        key = self.rng.choice(self.categories)
        address = f"/admin/catalog/category/{key}/change/"
        fields = self.open(address)
        shown = fields["name"][0]
        change = Change("catalog_category", key, "name", shown, self.new_text(shown))
        self.think(4)
        self.save(address, key, fields, {"name": change})

    def some_changes(self, key: str, fields: dict[str, list[str]]) -> dict[str, Change]:
        """By input; each new value is there once in the whole run."""
        changes = {}
        for name in self.rng.sample(TEXTS, self.rng.randint(0, 2)):
            shown = fields[name][0].replace("\r\n", "\n")
            changes[name] = Change("catalog_product", key, name, shown, self.new_text(shown))
        for row in self.rng.sample(self.rows(fields), self.rng.randint(0 if changes else 1, 1)):
            sku = fields[f"variants-{row}-sku"][0]
            price, weight = f"variants-{row}-price", f"variants-{row}-weight_grams"
            number = self.journal.unique()
            typed = f"{8 + number / 100:.2f}"
            changes[price] = Change("catalog_variant", sku, "price", fields[price][0], typed)
            if self.chance(0.3):
                changes[weight] = Change(
                    "catalog_variant", sku, "weight_grams", fields[weight][0], str(10_000 + number)
                )
        return changes

    def new_text(self, shown: str) -> str:
        return f"{re.sub(r' no. [0-9]+$', '', shown)[:80]} no. {self.journal.unique()}"

    def rows(self, fields: dict[str, list[str]]) -> list[int]:
        return list(range(int(fields["variants-INITIAL_FORMS"][0])))

    def save(
        self, address: str, key: str, fields: dict[str, list[str]], changes: dict[str, Change]
    ) -> None:
        """Once, with two clicks, or again from the same page; after a refusal perhaps anew."""
        sent = fields | {name: [str(change.typed)] for name, change in changes.items()}
        button = "_continue" if self.chance(0.2) else "_save"
        times = 2 if self.chance(0.15) else 1
        replies = self.send_form(address, sent, button, times)
        if times == 1 and self.chance(0.1):  # "Back", and the button once more
            self.think(2)
            replies += self.send_form(address, sent, button)
            times = 2
        told = [told_of(reply) for reply in replies]
        self.note(replies, told, list(changes.values()), "form")
        if times == 2:
            self.journal.did(f"sent one form twice: {' and '.join(sorted(told))}")
        if told[0] == "refused":
            self.refused_form(address, key, replies[0], changes)

    def refused_form(
        self, address: str, key: str, reply: Reply, changes: dict[str, Change]
    ) -> None:
        """The form comes back with what was typed: send that, or leave it."""
        if not reply.errors:  # it says in a message that others were quicker
            self.journal.refused(f"a form: {(reply.said or [('', '?')])[0][1][:60]}")
            return
        self.journal.refused("a form: changed since it was shown")
        counts = any(change.table == "catalog_stock" for change in changes.values())
        if counts or self.chance(0.3):
            return
        fields = Inputs(reply.page.text).largest
        kept = {name: fields.get(name, [""])[0] for name in changes}
        typed = {name: str(change.typed) for name, change in changes.items()}
        if {name for name in kept if kept[name] != typed[name]}:
            return  # the rows have moved
        self.think(3)
        (again,) = self.send_form(address, fields, "_save")
        # What it was shown now is only in its hidden field.
        unknown = [
            Change(each.table, each.key, each.field, None, each.typed) for each in changes.values()
        ]
        told = told_of(again)
        self.journal.did(f"saved again after a refusal: {told}")
        self.note([again], [told], list(unknown), "form")

    def note(
        self, replies: list[Reply], told: list[str], changes: list[Change], where: str
    ) -> None:
        """Write down one submission, however often it was sent."""
        if told.count("saved") > 1:
            self.journal.fault(f"{self.name}: one submission was saved twice: {changes}"[:600])
        if "already" in told and "saved" not in told:
            self.journal.fault(f"{self.name}: already saved, it says, and never was: {changes}")
        if "unknown" in told:
            said = [(reply.said, reply.errors) for reply in replies]
            self.journal.fault(f"{self.name}: what became of {where} is not said: {said}"[:600])
        outcome = "saved" if "saved" in told else told[0]
        began = min(reply.began for reply in replies)
        ended = max(reply.ended for reply in replies)
        if outcome == "saved":
            self.journal.wrote(where)
        self.journal.saved(
            *(
                Save(
                    self.name, each.table, each.key, each.field, each.shown, each.typed,
                    began, ended, outcome, self.opened,
                )
                for each in changes
            )
        )  # fmt: skip

    # The list -------------------------------------------------------------------------------

    def edit_list(self) -> None:
        """Status and brand of some products, of which the other manager has some, too."""
        address = f"{PRODUCTS}?p={self.rng.randint(1, 3)}"
        fields = self.open(address)
        rows = list(range(int(fields["form-INITIAL_FORMS"][0])))
        hot = [row for row in rows if fields[f"form-{row}-id"][0] in self.hot]
        some = self.rng.sample(hot, min(1, len(hot))) + self.rng.sample(rows, min(1, len(rows)))
        changes: dict[str, dict[str, Change]] = {}
        for row in set(some):
            key, name = fields[f"form-{row}-id"][0], f"form-{row}-brand"
            typed = self.new_text(fields[name][0])
            change = Change("catalog_product", key, "brand", fields[name][0], typed)
            changes[key] = {name: change}
        sent = fields | {
            name: [change.typed] for each in changes.values() for name, change in each.items()
        }
        self.think(5)
        times = 2 if self.chance(0.2) else 1
        replies = self.send_form(address, sent, "_save", times)
        for key, told in told_of_rows(replies, list(changes)).items():
            self.note(replies, told, list(changes[key].values()), "row")
            self.journal.did(f"sent a row of the list: {' and '.join(sorted(told))}")

    def publish_or_archive(self) -> None:
        """One product by the list's action, perhaps with two clicks."""
        key, times = self.rng.choice(self.hot), 2 if self.chance(0.3) else 1
        action, status = self.rng.choices(
            (("publish", "active"), ("archive", "archived")), (70, 30)
        )[0]
        page = self.page_with(key)
        if page is None:
            return
        replies = self.act_on(page, action, [key], times)
        told = [told_of_action(reply) for reply in replies]
        if told == ["unchanged"] * len(told):
            self.journal.did("an action that had nothing to do")
            return
        told = ["already" if each == "unchanged" else each for each in told]
        change = Change("catalog_product", key, "status", None, status)
        self.note(replies, told, [change], "action")
        self.journal.did(f"{action}: {' and '.join(sorted(told))}")

    def page_with(self, key: str) -> str | None:
        """The list's page that has the product."""
        for number in (1, 2, 3, 4):
            address = f"{PRODUCTS}?p={number}"
            if f'value="{key}"' in self.browser.get(address).text:
                return address
        return None


def told_of(reply: Reply) -> str:
    if reply.says("was changed successfully"):
        return "saved"
    if reply.says("already saved"):
        return "already"
    return "refused" if reply.errors or reply.said else "unknown"


def told_of_rows(replies: list[Reply], keys: list[str]) -> dict[str, list[str]]:
    """By row. Of two clicks each may have saved some: together they must have saved each once."""
    refused = [refused_rows(reply.page.text) for reply in replies]
    taken = {key: sum(key not in each for each in refused) for key in keys}
    found = [SAVED.match(reply.says("Saved ")) for reply in replies]
    saved = sum(int(each[1]) for each in found if each)
    expected = sum(number > 0 for number in taken.values())
    once = "saved" if saved >= expected else "unknown"
    silent = any(not reply.said for reply in replies)
    again = "saved" if saved > expected else "unknown" if silent else "already"
    return {
        key: [once, *[again] * (number - 1)][:number] + ["refused"] * (len(replies) - number)
        for key, number in taken.items()
    }


def refused_rows(html: str) -> set[str]:
    """The keys of rows with an error, in their cells or in a row of the table above them."""
    keys = dict(KEY_OF_ROW.findall(html))
    refused, above = set(), False
    for row in ROW.findall(html):
        wrong, place = above or "errorlist" in row, INPUT.search(row)
        if place and wrong:
            refused.add(keys[place[1]])
        above = wrong and place is None
    return refused


def told_of_action(reply: Reply) -> str:
    if reply.says("now active", "now archived"):
        return "saved"
    if reply.says("done already"):
        return "already"
    if reply.says("active already", "archived already"):
        return "unchanged"
    return "refused" if reply.says("not changed") else "unknown"
