"""django-waffle: flags, switches and samples."""

from io import StringIO
from typing import Any

from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from waffle import get_waffle_flag_model, sample_is_active, switch_is_active
from waffle.models import Sample, Switch
from waffle.testutils import override_switch

from tests.thirdparty.operations import operation, page
from tests.thirdparty.people import superuser, user

Flag = get_waffle_flag_model()


def called(command: str, *words: str, **options: Any) -> str:
    output = StringIO()
    call_command(command, *words, stdout=output, **options)
    return output.getvalue()


def status(address: str, name: str = "") -> int:
    client = Client()
    if name:
        client.force_login(user(name))
    return int(client.get(address).status_code)


@operation
def switch() -> list[Any]:
    before = [switch_is_active("sale"), status("/sale/")]
    called("waffle_switch", "sale", "on", create=True)
    return [*before, switch_is_active("sale"), status("/sale/"), Switch.objects.count()]


@operation
def switch_off() -> list[Any]:
    called("waffle_switch", "sale", "off")
    return [switch_is_active("sale"), called("waffle_switch", list_switches=True)]


@operation
def switch_for_a_block() -> list[bool]:
    with override_switch("sale", active=True):
        inside = switch_is_active("sale")
    return [inside, switch_is_active("sale")]


@operation
def flag_for_everyone() -> list[Any]:
    called("waffle_flag", "beta", everyone=True, create=True)
    return [status("/beta/"), Flag.objects.get(name="beta").everyone]


@operation
def flag_for_users() -> list[int]:
    called("waffle_flag", "beta", everyone=None, create=True)
    flag = Flag.objects.get(name="beta")
    flag.everyone = None
    flag.save()
    flag.users.add(user("ada"))
    flag.flush()
    return [status("/beta/"), status("/beta/", "ada"), status("/beta/", "bob")]


@operation
def flag_for_groups() -> list[int]:
    group = Group.objects.create(name="Testers")
    user("bob").groups.add(group)
    flag = Flag.objects.get(name="beta")
    flag.groups.add(group)
    flag.flush()
    return [status("/beta/", "ada"), status("/beta/", "bob"), status("/beta/", "cid")]


@operation
def flag_for_staff() -> list[int]:
    Flag.objects.filter(name="beta").update(staff=True)
    Flag.objects.get(name="beta").flush()
    user("dan", is_staff=True)
    return [status("/beta/", "cid"), status("/beta/", "dan")]


@operation
def flags_by_command() -> str:
    return called("waffle_flag", list_flags=True)


@operation
def sample() -> list[Any]:
    called("waffle_sample", "all", "100", create=True)
    Sample.objects.create(name="none", percent="0.0")
    return [sample_is_active("all"), sample_is_active("none"), str(Sample.get("all").percent)]


@operation
def status_page() -> Any:
    from django.test import RequestFactory
    from waffle.views import waffle_json

    request = RequestFactory().get("/")
    request.user = user("ada")
    answer = waffle_json(request).content.decode()
    return [name in answer for name in ("beta", "sale", "all", "none")]


@operation
def admin_pages() -> list[Any]:
    client = superuser()
    key = Switch.objects.get(name="sale").pk
    acted = client.post(
        "/admin/waffle/switch/", {"action": "enable_switches", "_selected_action": [key]}
    )
    lists = [page(client.get(f"/admin/waffle/{kind}/")) for kind in ("flag", "switch", "sample")]
    return [page(acted), switch_is_active("sale"), *lists]


@operation
def delete() -> list[int]:
    called("waffle_delete", switch_names=["sale"], flag_names=["beta"], sample_names=["all"])
    return [Switch.objects.count(), Flag.objects.count(), Sample.objects.count()]
