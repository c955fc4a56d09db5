"""Every control in each of its states, on one page: to be looked at, and to be compared.

`python -m tests.storefront.gallery FILE.png [dark]` draws it, `make test` asserts that no state
looks like another.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from storefront import assets
from tests.storefront import chromium

STATES = {
    "rest": [],
    "hover": ["hover"],
    "focus": ["focus", "focus-visible"],
    "pressed": ["active"],
}
DISC = 'viewBox="0 0 24 24"><circle cx="12" cy="12" r="9"/></svg>'
ICON = f"<svg {DISC}"
TILE = f'<span class="tile"><svg class="no-picture" {DISC}</span>'
NAMED = '<span class="card-name">Harbour Mug</span>'
RADIO = '<label class="value"><input type="radio" {}>'
#: A control's HTML; {} is where its own element says that it is the one.
CONTROLS = {
    "button": '<button type="button" class="button" {}>Add to cart</button>',
    "quiet button": '<button type="button" class="button quiet" {}>Show cart</button>',
    "words that act": '<button type="button" class="text-button" {}>Remove</button>',
    "icon": f'<a class="icon" href="#" {{}}>{ICON}</a>',
    "link": '<p>See <a href="#" {}>all orders</a></p>',
    "menu": '<nav class="menu"><a href="#" {}>Kitchen</a></nav>',
    "category": '<a class="tile-link" href="#" {}><strong>Kitchen</strong></a>',
    "card": f'<div class="card"><a href="#" {{}}>{TILE}{NAMED}</a></div>',
    "chip": '<a class="chip" href="#" {}>Mugs</a>',
    "stepper": '<div class="stepper"><button type="button" {}>+</button></div>',
    "field": '<div class="field"><input aria-label="City" value="Berlin" {}></div>',
    "choice": '<div class="field"><select aria-label="Country" {}><option>Germany</select></div>',
    "value by name": f'{RADIO}<span class="pill">large</span></label>',
    "value by picture": f'{RADIO}<span class="face">{TILE}Rust</span></label>',
    "value by colour": f'{RADIO}<span class="face"><span class="swatch"></span>Rust</span></label>',
    "picture": f'<div class="thumbs"><button type="button" class="tile" {{}}>{ICON}</button></div>',
    "payment": '<label class="radio" {}><input type="radio" {}><span>Card</span></label>',
    "details": "<details><summary {}>Delivery</summary></details>",
    "order": '<div class="orders"><a href="#" {}><strong>ABCD-EFGH</strong></a></div>',
}
#: Those that may be there and do nothing; how they say so.
DISABLED = {
    "button": 'aria-disabled="true"',
    "quiet button": 'aria-disabled="true"',
    "stepper": 'aria-disabled="true"',
}
#: What is chosen in place of pressed, or has no look of its own while the finger is on it.
WITHOUT_PRESSED = {"field", "choice"}
LAYOUT = """
body{padding:24px;width:1180px}
.rows{display:grid;grid-template-columns:150px repeat(5,190px);gap:10px 14px;align-items:center}
.cell{padding:10px;min-height:76px}.cell .card a{width:120px}.cell .tile-link{height:76px}
"""


def page_of_all() -> str:
    style = (assets.FOLDER / "style.css").read_text()
    heads = "".join(f"<strong>{state}</strong>" for state in ("", *STATES, "disabled"))
    rows = "".join(row(name, control) for name, control in CONTROLS.items())
    return (
        f'<!doctype html><html lang="en"><title>Controls</title><style>{style}{LAYOUT}</style>'
        f'<div class="rows">{heads}{rows}</div>'
    )


def row(name: str, control: str) -> str:
    cells = [cell(name, state, control.replace("{}", f'data-state="{state}"')) for state in STATES]
    disabled = control.replace("{}", DISABLED[name]) if name in DISABLED else ""
    if name.startswith("value"):
        disabled = control.replace("{}", "").replace('class="value"', 'class="value off"')
    return f"<span>{name}</span>{''.join(cells)}{cell(name, 'disabled', disabled)}"


def cell(name: str, state: str, content: str) -> str:
    return f'<div class="cell" id="{name.replace(" ", "-")}-{state}">{content}</div>'


def draw(page: Page) -> None:
    """The gallery, its states put on by the browser's own tools."""
    page.set_content(page_of_all())
    tools = page.context.new_cdp_session(page)
    tools.send("DOM.enable")
    tools.send("CSS.enable")
    root = tools.send("DOM.getDocument")["root"]["nodeId"]
    for state, classes in STATES.items():
        query = {"nodeId": root, "selector": f"[data-state={state}]"}
        for node in tools.send("DOM.querySelectorAll", query)["nodeIds"]:
            forced = {"nodeId": node, "forcedPseudoClasses": classes}
            tools.send("CSS.forcePseudoState", forced)


def main(file: str, theme: str = "light") -> None:
    with sync_playwright() as playwright:
        found = chromium.find()
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": 1240, "height": 900},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )
        draw(page)
        page.screenshot(path=Path(file), full_page=True)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
