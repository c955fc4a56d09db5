"""Tables, queues, the sample catalogue, and the people: `python -m tests.soak.prepare <JSON>`.

The argument is {name: group}; a group of "" is a customer.
"""

import json
import sys

import django
from django.core.management import call_command


def main(people: dict[str, str]) -> None:
    django.setup()
    from django.contrib.auth.models import Group

    from tests.conftest import make_user

    call_command("migrate", interactive=False, verbosity=0)
    call_command("provision")
    call_command("load_sample")
    for name, group in people.items():
        user = make_user(name, is_staff=bool(group))
        if group:
            user.groups.add(Group.objects.get(name=group))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
