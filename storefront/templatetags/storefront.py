"""The words, prices and pictures of the pages."""

import math
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from storefront import prices, texts

register = template.Library()
#: How wide pictures are drawn, as `style.css` has it: what `sizes` is for.
SIZES = {
    "card": "(min-width: 1440px) 318px, (min-width: 1024px) calc(23.5vw - 20px), "
    "(min-width: 768px) calc(31.5vw - 16px), calc(48vw - 20px)",
    "row": "(min-width: 1440px) 318px, (min-width: 768px) calc(23.5vw - 20px), calc(48vw - 20px)",
    "product": "(min-width: 1440px) 692px, (min-width: 700px) calc(51vw - 40px), "
    "calc(100vw - 32px)",
    "face": "80px",
    "thumb": "72px",
}
#: The least and the most pixels a rendition may have: what no screen of today wants is not offered.
WIDTHS = {
    "card": (320, math.inf),
    "row": (320, math.inf),
    "product": (480, math.inf),
    "face": (0, 320),
    "thumb": (0, 320),
}
FALLBACK = 640  # pixels: the rendition for browsers that choose none


@register.simple_tag(takes_context=True)
def say(context: template.Context, key: str, **values: Any) -> str:
    """The words for `room.name` in the page's language."""
    return texts.say(context["language"], key, **values)


@register.simple_tag(takes_context=True)
def lang(context: template.Context, language: str) -> str:
    """The attribute for a text that is not in the page's language: a German voice reads English
    names otherwise."""
    return "" if language == context["language"] else format_html(' lang="{}"', language)


@register.simple_tag(takes_context=True)
def price(context: template.Context, money: dict[str, Any]) -> str:
    return prices.written(money, context["language"])


@register.filter
def all_have_swatches(values: list[dict[str, Any]]) -> bool:
    """Only then are they told by their colours: one without would look like a white one."""
    return all(value["swatch"] for value in values)


@register.filter
def in_words(options: dict[str, str]) -> str:
    """Ink Blue, large. (`options.values` would be the option "values", if there is one.)"""
    return ", ".join(options.values())


@register.simple_tag(takes_context=True)
def colour(context: template.Context, value: str | None) -> str:
    """The class that makes --c this colour."""
    name: str = context["palette"].name(value or "")
    return name


@register.simple_tag(takes_context=True)
def picture(
    context: template.Context,
    image: dict[str, Any],
    drawn: str,
    alt: str | None = None,
    *,
    loading: str = "lazy",
) -> SafeString:
    """An <img> of an image of the API's. `drawn` names how wide; `loading` is lazy, eager or
    first, which is the one picture that the page hurries for."""
    widths = {each["width"]: each["url"] for each in image["renditions"]}
    if image["width"]:
        widths[image["width"]] = image["url"]
    least, most = WIDTHS[drawn]
    widths = {width: url for width, url in widths.items() if least <= width <= most}
    address = widths.get(FALLBACK, image["url"])
    if loading == "first":
        chosen = sources(widths, drawn, "image") or format_html(' href="{}"', address)
        context["hurried"].append(preload(chosen))
    return format_html(
        '<img src="{}"{}{}{} alt="{}">',
        address,
        sources(widths, drawn),
        size(image),
        HURRY[loading],
        image["alt"] if alt is None else alt,
    )


@register.simple_tag(takes_context=True)
def hurry(context: template.Context, address: str) -> str:
    """Have the page's head ask for this picture before all else."""
    context["hurried"].append(preload(format_html(' href="{}"', address)))
    return ""


def preload(source: str) -> SafeString:
    return format_html('<link rel="preload" as="image" fetchpriority="high"{}>', source)


HURRY = {
    "lazy": SafeString(' loading="lazy" decoding="async"'),
    "eager": SafeString(""),
    "first": SafeString(' fetchpriority="high"'),
}


def sources(widths: dict[int, str], drawn: str, of: str = "") -> SafeString:
    """The attributes by which a browser chooses; a link calls them `imagesrcset`, `imagesizes`."""
    if len(widths) < 2:
        return SafeString("")
    listed = ", ".join(f"{url} {width}w" for width, url in sorted(widths.items()))
    return format_html(' {}srcset="{}" {}sizes="{}"', of, listed, of, SIZES[drawn])


def size(image: dict[str, Any]) -> SafeString:
    if not image["width"]:
        return SafeString("")
    return format_html(' width="{}" height="{}"', image["width"], image["height"])
