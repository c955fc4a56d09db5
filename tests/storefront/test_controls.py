"""Controls in each state, theme and setting of the reader's: none looks like another."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from storefront import assets
from tests.storefront.gallery import CONTROLS, DISABLED, STATES, WITHOUT_PRESSED, draw
from tests.storefront.visits import Visit


def looks_alike(page, name: str) -> list[str]:
    """The states that are drawn as the control at rest is."""
    at = name.replace(" ", "-")
    states = [state for state in STATES if state != "pressed" or name not in WITHOUT_PRESSED]
    if name in DISABLED or name.startswith("value"):
        states.append("disabled")
    drawn = {state: page.locator(f"#{at}-{state}").screenshot() for state in states}
    return [state for state in states if state != "rest" and drawn[state] == drawn["rest"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_state_of_each_control_is_seen(browser: Browser, theme: str) -> None:
    """Hovered, focused, pressed, disabled: compared by their pixels."""
    page = browser.new_page(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    draw(page)
    alike = {name: found for name in CONTROLS if (found := looks_alike(page, name))}
    page.close()
    assert alike == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_reader_s_own_colours(browser: Browser, theme: str) -> None:
    """Forced colours, such as Windows' high contrast: backgrounds and shadows are gone, and
    what is focused, chosen or disabled is seen all the same."""
    page = browser.new_page(color_scheme=theme, forced_colors="active")  # type: ignore[arg-type]
    draw(page)
    for name in CONTROLS:
        at = name.replace(" ", "-")
        rest, focus = (page.locator(f"#{at}-{state}").screenshot() for state in ("rest", "focus"))
        assert (name, rest != focus) == (name, True)
    page.close()


CHOSEN = """() => [...document.querySelectorAll(".value, .radio, .thumbs li")].map(each => {
  const input = each.querySelector("input, button");
  const seen = {LABEL: each, LI: input}[each.tagName];
  const drawn = each.matches(".value") ? input.nextElementSibling : seen;
  const {outlineStyle, outlineWidth, borderTopWidth} = getComputedStyle(drawn);
  const on = input.checked ?? input.getAttribute("aria-pressed") === "true";
  return [on, `${outlineStyle} ${outlineWidth} ${borderTopWidth}`];
})"""


def test_what_is_chosen_in_the_reader_s_own_colours(visits: Callable[..., Visit]) -> None:
    """By an outline: no background is left that could say it."""
    visit = visits(forced_colors="active", reduced_motion="reduce")
    visit.open_product("harbour-mug")
    found = visit.page.evaluate(CHOSEN)
    on, off = ({look for chosen, look in found if chosen is each} for each in (True, False))
    assert on and off and on.isdisjoint(off)


MOVING = """() => [...document.querySelectorAll("*")].filter(each => {
  const {transitionDuration, animationName} = getComputedStyle(each);
  return animationName !== "none" || transitionDuration.split(", ").some(time => parseFloat(time));
}).map(each => each.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("path", ["/", "/categories/kitchen/", "/products/harbour-mug/", "/cart/"])
def test_reduced_motion(visits: Callable[..., Visit], path: str) -> None:
    for wish in ("reduce", "no-preference"):
        visit = visits(reduced_motion=wish)
        visit.open(path)
        visit.page.wait_for_load_state("networkidle")
        moving = visit.page.evaluate(MOVING)
        assert (wish, moving == []) == (wish, wish == "reduce")


PORTRAIT = (
    '<div style="width:300px"><div class="tile big"><img alt="" width="800" height="1400" '
    "src=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='800' "
    "height='1400'/%3E\"></div></div>"
)
BOXES = """() => ["img", ".tile"].map(each => {
  const {width, height} = document.querySelector(each).getBoundingClientRect();
  return [width, height];
})"""


def test_a_portrait_is_whole(browser: Browser) -> None:
    """On its ground, within the square."""
    page = browser.new_page()
    style = (assets.FOLDER / "style.css").read_text()
    page.set_content(f"<!doctype html><style>{style}</style>{PORTRAIT}")
    assert page.evaluate(BOXES) == [[300, 300], [300, 300]]
    page.close()
