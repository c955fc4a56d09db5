"""One row on its way to another shape, with its guards: written together, on condition that nobody
has changed it meanwhile."""

from __future__ import annotations

from dynamodb.errors import ConflictError
from dynamodb.rows.changes import Change, Lapsed, changed_columns
from dynamodb.rows.commit import Taken, write_one, write_together
from dynamodb.rows.guards import as_found, claim, guard_delete
from dynamodb.rows.store import Store
from dynamodb.rows.writes import Guard, Write, update
from dynamodb.schema.renewal import Renewal
from dynamodb.tables.table import Key
from dynamodb.tables.values import Item


class Mover:
    """Rewrites rows while others use the table."""

    def __init__(self, store: Store, renewal: Renewal):
        self.store, self.renewal = store, renewal
        self.old, self.new = renewal.old, renewal.new

    def move(self, row: Item) -> None:
        """The row as the new table has it. If somebody writes it meanwhile, what they wrote; if
        somebody deletes it, it stays deleted. Raises IntegrityError if a unique value has become
        another row's since the rows were checked."""
        key, looked = self.old.key_of(row), False
        owners: dict[str, Key] = {}  # of guards that lapsed
        while True:
            try:
                self.write(row, key, owners, looked=looked)
                return
            except Taken as taken:
                if not self.may_have(taken, key):
                    raise taken.error from taken
                owners[taken.guard.key] = taken.owner
            except ConflictError:
                looked = True
                self.store.forget()
                found = self.store.stored(self.old, key)
                if found is None:
                    return
                row = found

    def write(self, row: Item, key: Key, owners: dict[str, Key], *, looked: bool) -> None:
        item = self.renewal.renewed(row)
        before, after = self.old.guards(row), self.new.guards(item)
        given = [guard for guard in before if guard not in after]
        taken = {guard: unique for guard, unique in after.items() if guard not in before}
        if looked:  # only what is there, and this row's
            given = [guard for guard in given if self.owner(guard) == key]
        writes = [guard_delete(guard, self.old, key, self.store.guard_table) for guard in given]
        for guard, unique in taken.items():
            held = Guard(self.new, unique, guard)
            writes.append(claim(held, key, owners.get(guard), self.store.guard_table))
        rewritten = self.rewritten(row, item, key)
        if rewritten is not None:
            writes.append(rewritten)
        elif taken:
            lapsed = [Lapsed(self.new, unique, key, row) for unique in taken.values()]
            writes.append(as_found(lapsed))
        if len(writes) == 1:
            write_one(writes[0], self.store.client)
        elif writes:
            write_together(writes, self.store.client)

    def rewritten(self, row: Item, item: Item, key: Key) -> Write | None:
        """The write of the row and of what stands beside its columns, as far as they differ."""
        both = self.renewal.both
        decisive = both.deriving | self.new.guarded  # what is computed of it is new
        change = Change(both, key, row, item, decisive)
        named = {*self.old.derived_names, *both.derived_names}
        beside = {name: value for name, value in row.items() if name in named}
        if changed_columns(change) or beside != both.derived(item):
            return update(change, beside)
        return None

    def may_have(self, taken: Taken, key: Key) -> bool:
        """Whether a guard that is there is this row's already, of an interrupted run, or of a row
        that has the value no more."""
        if taken.owner == key:
            return True
        owner = self.store.read(self.old, taken.owner)
        held = self.new.guards(self.renewal.renewed(owner)) if owner else {}
        return taken.guard.key not in held

    def owner(self, guard: str) -> Key | None:
        found = self.store.guard(guard)
        return self.old.key_of(found) if found else None
