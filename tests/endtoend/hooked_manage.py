"""`manage.py`, the hooks of SHOP_TEST_HOOKS applied.

python -m tests.endtoend.hooked_manage worker ...
"""

import sys

import django
from django.core.management import execute_from_command_line


def main(arguments: list[str]) -> None:
    django.setup()
    from tests.endtoend.hooks import apply_hooks

    apply_hooks()
    execute_from_command_line(["manage.py", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
