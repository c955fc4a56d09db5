"""Before the tests: install what the TypeScript client takes, or say what is not proven."""

import sys

from tests.contract.typescript import TypeScriptMissing, install

try:
    install()
except TypeScriptMissing as error:
    sys.stderr.write(
        "SKIPPED: that a TypeScript client made from the schema compiles and buys is not proven "
        f"by this run. {error}\n"
    )
