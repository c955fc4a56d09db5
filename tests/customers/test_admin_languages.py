"""Customers in the admin, in German: what is said of a change, and what the history keeps."""

import json

import pytest
from django.contrib.admin.models import LogEntry

from customers.models import CustomerGroup
from tests.conftest import Staff

pytestmark = pytest.mark.django_db(transaction=True)
GERMAN = {"Accept-Language": "de"}


def test_a_group(superuser: Staff) -> None:
    """GIVEN a form that was shown WHEN it comes back in German THEN its history is in English."""
    CustomerGroup.objects.create(code="trade", name="Trade")
    address = "/admin/customers/customergroup/trade/change/"
    form = superuser.get(address, headers=GERMAN)
    assert "Kundengruppe ändern" in form.content.decode()
    hidden = form.context["page_field"].partition('value="')[2].partition('"')[0]
    sent = {"name": "Trade", "description": "Handel", "_page": hidden}

    answer = superuser.post(address, sent, headers=GERMAN, follow=True)

    assert "Kundengruppe" in str(next(iter(answer.context["messages"])))
    entry = LogEntry.objects.get()
    assert json.loads(entry.change_message) == [
        {"changed": {"fields": ["Description nothing → “Handel”"]}}
    ]


def test_a_clash(superuser: Staff) -> None:
    CustomerGroup.objects.create(code="trade", name="Trade")
    address = "/admin/customers/customergroup/trade/change/"
    form = superuser.get(address, headers=GERMAN)
    hidden = form.context["page_field"].partition('value="')[2].partition('"')[0]
    CustomerGroup.objects.update(description="Other")
    sent = {"name": "Trade", "description": "Mine", "_page": hidden}

    answer = superuser.post(address, sent, headers=GERMAN)

    assert "Ihres: “Mine”. Inzwischen wurde nichts zu “Other”." in answer.content.decode()
