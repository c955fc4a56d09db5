"""A form as a browser has it: what the page shows, changed by typing, sent back whole."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

BUTTONS = {"submit", "button", "reset", "file", "image"}


class Inputs(HTMLParser):
    """The names and values of the largest form of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self.select: str | None = None
        self.options: list[tuple[str, bool]] = []
        self.textarea: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        name = known.get("name") or ""
        if tag == "form":
            self.forms.append({})
        elif not self.forms:
            return
        elif tag == "select":
            self.select, self.options, self.multiple = name, [], "multiple" in known
        elif tag == "option":
            self.options.append((known.get("value") or "", "selected" in known))
        elif tag == "textarea":
            self.textarea = name
            self.add(name, "")
        elif tag == "input" and name and (known.get("type") or "text") not in BUTTONS:
            if known.get("type") in ("checkbox", "radio") and "checked" not in known:
                return
            self.add(name, known.get("value") or ("on" if known.get("type") == "checkbox" else ""))

    def handle_data(self, data: str) -> None:
        if self.textarea is not None:
            values = self.forms[-1][self.textarea]
            values[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.textarea is not None:
            values = self.forms[-1][self.textarea]
            values[-1] = values[-1].removeprefix("\n").replace("\n", "\r\n")
            self.textarea = None
        elif tag == "select" and self.select is not None:
            chosen = [value for value, selected in self.options if selected]
            if not chosen and not self.multiple and self.options:
                chosen = [self.options[0][0]]
            for value in chosen:
                self.add(self.select, value)
            self.select = None

    def add(self, name: str, value: str) -> None:
        self.forms[-1].setdefault(name, []).append(value)

    @property
    def largest(self) -> dict[str, list[str]]:
        return max(self.forms, key=len)


class Tab:
    """A page that stays open in a browser, whatever happens meanwhile."""

    def __init__(self, client: Client, url: str) -> None:
        self.client, self.url = client, url
        self.show(client.get(url))

    def show(self, response: Any) -> None:
        assert response.status_code == 200, response.status_code
        self.html = response.content.decode()
        self.fields = Inputs(self.html).largest

    def type(self, **values: Any) -> "Tab":
        """`type(name="Red", variants__0__price="9.00")`; None takes a tick or a choice away."""
        for name, value in values.items():
            name = name.replace("__", "-")
            if value is None:
                self.fields.pop(name, None)
            else:
                self.fields[name] = value if isinstance(value, list) else [value]
        return self

    def save(self, button: str = "_save") -> HttpResponse:
        """Press the button; the tab stays as it is, for another press."""
        response: Any = self.client.post(self.url, {**self.fields, button: "Save"})
        return response

    def save_and_look(self) -> list[str]:
        """Press the button and follow; what the page then says."""
        response: Any = self.client.post(self.url, {**self.fields, "_save": "Save"}, follow=True)
        return said(response)

    def act(self, action: str, *keys: Any) -> HttpResponse:
        """Tick these, choose the action, press Go."""
        chosen = {"action": action, "index": "0", "_selected_action": [str(key) for key in keys]}
        response: Any = self.client.post(self.url, {**self.fields, **chosen})
        return response


def said(response: Any) -> list[str]:
    """The messages at the top of a page."""
    assert response.status_code == 200, response.status_code
    return [str(message) for message in response.context["messages"]]


def errors_of(response: Any) -> list[str]:
    """Every error that a form, or the rows of a list, show."""
    assert response.status_code == 200, response.status_code
    if "adminform" in response.context:
        return [str(e) for errors in response.context["errors"] for e in as_list(errors)]
    formset = response.context["cl"].formset
    rows = [text for form in formset.forms for errors in form.errors.values() for text in errors]
    return [*map(str, formset.non_form_errors()), *map(str, rows)]


def as_list(errors: Any) -> list[Any]:
    return [errors] if isinstance(errors, str) else list(errors)
