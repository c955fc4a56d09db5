"""The writes of one transaction, kept until it commits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from dynamodb.rows.changes import Address, Change, Lapsed, Native
from dynamodb.rows.writes import Write
from dynamodb.tables.table import Key, Table
from dynamodb.tables.values import Item

COMPANION: Address = ("", ())  # in the journal, where others have a row's address


class Buffer:
    """Changes by row, with a journal so that savepoints cost only what they undo.

    `look` reads the row of a change that nobody has looked at, and answers with what it is then.
    """

    def __init__(self, look: Callable[[Change], Change]) -> None:
        self.look = look
        self.changes: dict[Address, Change] = {}
        self.tables: dict[str, int] = {}  # how many changed rows, by SQL table name
        self.journal: list[tuple[Address, Change | None]] = []
        self.marks: dict[str, int] = {}
        self.lapsed: dict[str, Lapsed] = {}  # by guard
        self.companions: list[Write] = []  # of no row: committed with the rows, or not at all

    def get(self, table: Table, key: Key) -> Change | None:
        known = self.changes.get((table.sql_name, key))
        return self.looked_at(known) if known and known.unread else known

    def of(self, table: Table) -> Iterator[Change]:
        if table.sql_name in self.tables:
            for (name, _), change in list(self.changes.items()):
                if name == table.sql_name:
                    yield self.looked_at(change) if change.unread else change

    def looked_at(self, change: Change) -> Change:
        found = self.changes[change.address] = self.look(change)
        return found

    def touches(self, table: Table) -> bool:
        return self.tables.get(table.sql_name, 0) > 0

    def put(self, change: Change) -> None:
        address = change.address
        known = self.changes.get(address)
        self.journal.append((address, known))
        self.changes[address] = change
        if known is None:
            self.tables[address[0]] = self.tables.get(address[0], 0) + 1

    def accompany(self, write: Write) -> None:
        self.journal.append((COMPANION, None))
        self.companions.append(write)

    def position(self) -> int:
        return len(self.journal)

    def undo_to(self, position: int) -> None:
        while len(self.journal) > position:
            address, known = self.journal.pop()
            if address is COMPANION:
                self.companions.pop()
            elif known is None:
                del self.changes[address]
                self.tables[address[0]] -= 1
            else:
                self.changes[address] = known

    def settle(self, rows: Iterable[Address]) -> None:
        """These rows are stored: what is left may still have to be tried again."""
        for address in rows:
            if self.changes.pop(address, None) is not None:
                self.tables[address[0]] -= 1

    def clear(self) -> None:
        self.__init__(self.look)  # type: ignore[misc]

    # What statements say -------------------------------------------------------------

    def insert(
        self,
        table: Table,
        key: Key,
        item: Item,
        *,
        made: bool,
        yields: bool = False,
        inner: bool = False,
    ) -> None:
        known = self.get(table, key)
        before = known.before if known else None
        read = known.read if known else frozenset()
        self.put(Change(table, key, before, item, read, made, yields, inner))

    def change(
        self,
        table: Table,
        key: Key,
        delivered: Item,
        used: frozenset[str],
        after: Item | None,
        *,
        inner: bool = False,
    ) -> None:
        """A row that a statement read as `delivered`, deciding by the columns `used`."""
        known = self.get(table, key)
        if known is None:
            self.put(Change(table, key, delivered, after, used, inner=inner))
        else:
            read, inner = known.read | used, known.inner or inner
            self.put(known._replace(after=after, read=read, inner=inner, native=None))

    def lock(self, table: Table, key: Key, item: Item) -> None:
        known = self.get(table, key) or Change(table, key, item, item)
        self.put(known._replace(locked=True, native=None))

    def apply(self, table: Table, key: Key, before: Item, native: Native, after: Item) -> None:
        """A native update of a row that this transaction has not changed before."""
        self.put(Change(table, key, before, after, native=native))

    def trust(self, table: Table, key: Key, native: Native) -> None:
        """The same, and nobody has looked whether there is such a row."""
        self.put(Change(table, key, None, None, native=native, unread=True))
