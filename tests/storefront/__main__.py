"""Before the tests: install the browser, or say what is not proven."""

import sys

from tests.storefront.chromium import ChromiumMissing, install

try:
    install()
except ChromiumMissing as error:
    sys.stderr.write(
        f"SKIPPED: that the storefront works in a browser is not proven by this run. {error}\n"
    )
