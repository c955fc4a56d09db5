"""What the admin says while DynamoDB is away: also of what was saved before."""

import pytest

from catalog.models import Product
from dynamodb.client import retries
from shop.api import failures
from tests.backoffice.browser import Tab, said
from tests.backoffice.conftest import ada, kitchen, make_product, mug, mugs
from tests.backoffice.elsewhere import elsewhere
from tests.catalog.forms import LIST, change_url
from tests.conftest import Staff
from tests.dynamodb.faults import Proxy, refused
from tests.shop.test_failures import proxy

__all__ = ["ada", "kitchen", "make_product", "mug", "mugs", "proxy"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "BASE_DELAY", 0.001)


def test_a_save_is_told_by_the_page_that_does_not_come(
    proxy: Proxy, ada: Staff, mug: Product
) -> None:
    """GIVEN a form that was saved WHEN the list behind it is a 503 THEN that says what was saved,
    and the list says it again when it comes: nobody knows whether the 503 was read."""
    assert Tab(ada, change_url(mug)).type(brand="Clay").save().status_code == 302

    proxy.always = refused("ServiceUnavailable", 503)
    for _ in range(2):
        page = elsewhere(lambda: ada.get(LIST))
        assert (page.status_code, page["Retry-After"]) == (503, "5")
        assert page["Content-Type"] == "text/plain"
        assert page.content.decode() == (
            f"{failures.AWAY_TO_READ}\n\nOf what you sent before:\n\n"
            "The product “Red Mug” was changed successfully."
        )

    proxy.always = None
    assert len(said(ada.get(LIST))) == 1
    assert said(ada.get(LIST)) == []


def test_without_a_save_there_is_nothing_to_tell(proxy: Proxy, ada: Staff) -> None:
    proxy.always = refused("ServiceUnavailable", 503)
    assert elsewhere(lambda: ada.get(LIST)).content.decode() == failures.AWAY_TO_READ
