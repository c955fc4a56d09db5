"""Test databases: the same tables under another prefix, gone afterwards."""

import os
from typing import Any

from django.db.backends.base.creation import BaseDatabaseCreation


class DatabaseCreation(BaseDatabaseCreation):
    """`TEST["NAME"]` is the prefix; workers of a parallel run get one each."""

    connection: Any

    def _get_test_db_name(self) -> str:
        name = self.connection.settings_dict["TEST"].get("NAME")
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        return str(name or f"test-{self.connection.settings_dict['NAME']}{worker}-")

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name = self._get_test_db_name()
        self.connection.use_prefix(name)
        if not keepdb:
            self._destroy_test_db(name, verbosity)
        return name

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        control = self.connection.control
        for name in control.table_names():
            control.delete(test_database_name + name)

    def set_as_test_mirror(self, primary_settings_dict: dict[str, Any]) -> None:
        self.connection.use_prefix(primary_settings_dict["NAME"])

    def test_db_signature(self) -> tuple[str, str, str, str]:
        return ("", "", self.connection.settings_dict["ENGINE"], self._get_test_db_name())
