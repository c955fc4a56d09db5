"""The example in docs/money.md says what it really gives."""

import re
import subprocess
import sys

from shop.localaws.install import ROOT


def test_the_example() -> None:
    page = (ROOT / "docs" / "money.md").read_text()
    code, output = re.findall(r"```(?:python)?\n(.*?)```", page, re.DOTALL)[:2]
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert run.stdout == output, run.stderr
