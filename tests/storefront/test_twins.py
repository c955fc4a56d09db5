"""What Python and the browser both do: the page as it comes and as its module leaves it."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page

from pricing.money import minor_digits
from storefront import assets
from storefront.names import words
from storefront.prices import written
from storefront.templatetags.storefront import SIZES
from tests.storefront.visits import Visit

CURRENCIES = """() => Intl.supportedValuesOf("currency")"""
MONEY = """async ([module, amounts]) => {
  const { money } = await import(module);
  return amounts.map(money);
}"""
TRICKY = ["Crème brûlée-Form, 2 Stück", "ÅNGSTRÖM ﬁne", "Straße İstanbul", "a_b c.d/e", "Ω≈ç√",
          "日本語 テスト", "x²", "Дом №5", "naïve café", "O'Neill–Smith", "½ liter",
          "A\u0301b"]  # fmt: skip


def test_money_of_all_currencies(visit: Visit) -> None:
    for language, path in (("en", "/cart/"), ("de", "/de/cart/")):
        visit.open(path)
        amounts = [
            {"amount": f"1234567.{'5' * digits}".rstrip("."), "currency": currency}
            for currency in visit.page.evaluate(CURRENCIES)
            for digits in [minor_digits(currency)]
        ]
        told = visit.page.evaluate(MONEY, [assets.address("js/page.js"), amounts])
        assert [written(each, language) for each in amounts] == told


def evaluated(page: Page, source: str, name: str, argument: object) -> object:
    """What a function of a module gives, which the module keeps for itself."""
    found = re.search(rf"^const {name} = .*?;\n", source, re.MULTILINE | re.DOTALL)
    assert found is not None
    return page.evaluate(f"argument => {{ {found[0]} return {name}(argument); }}", argument)


def test_words_are_cut_alike(browser: Browser) -> None:
    """The files of names are called by what Python cuts, and asked for by what a browser does."""
    page = browser.new_page()
    source = assets.source("search")
    assert {text: evaluated(page, source, "words", text) for text in TRICKY} == {
        text: words(text) for text in TRICKY
    }
    page.close()


def test_pictures_are_drawn_alike() -> None:
    for module, name, drawn in (("search", "SIZES", "card"), ("product", "WIDE", "product")):
        found = re.search(rf'^const {name} = (".*");$', assets.source(module), re.MULTILINE)
        assert found is not None
        assert (module, json.loads(found[1])) == (module, SIZES[drawn])


DRAWN = """() => [...document.querySelectorAll("#options *")].map(each => {
  const {x, y, width, height} = each.getBoundingClientRect();
  const {backgroundColor, color, fontWeight, boxShadow} = getComputedStyle(each);
  const box = [x, y, width, height].map(Math.round);
  const looks = [box, backgroundColor, color, fontWeight, boxShadow];
  return [each.tagName, each.currentSrc, each.checked, ...looks];
})"""


@pytest.mark.parametrize("slug", ["harbour-mug", "linen-shirt", "breton-shirt"])
def test_options_are_drawn_alike(visit: Visit, slug: str) -> None:
    """The form as the page brings it, and as the module makes it anew: the same to the eye."""
    page = visit.page
    visit.expects_refusals()
    # One that comes late is left to the next page: so here it never comes.
    page.route("**/*.woff2", lambda route: route.abort())
    page.route("**/js/product.js", lambda route: route.abort())
    visit.open(f"/products/{slug}/")
    page.wait_for_load_state("networkidle")
    before = page.evaluate(DRAWN)
    page.unroute("**/js/product.js")
    visit.open_product(slug)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(DRAWN) == before
