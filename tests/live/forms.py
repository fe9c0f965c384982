"""Reads the forms of a page the way a browser without scripts does."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

Pairs = list[tuple[str, str]]


@dataclass
class Control:
    """One control of a form: its name, kind, and what it holds or offers."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    is_on: bool = True


@dataclass
class Form:
    """One form: where it goes, how, and its controls in order."""

    action: str
    method: str
    controls: list[Control] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        """The names of what a person fills in (no hidden values, no buttons)."""
        hidden = {"hidden", "submit", "button"}
        return {control.name for control in self.controls if control.kind not in hidden}

    def pairs(self, button: str = "") -> Pairs:
        """Return what a browser would send without touching anything.

        `button` is the value or name of the button that is pressed, if it sends something.
        """
        sent = []
        for control in self.controls:
            if control.kind == "submit":
                if button and button in {control.value, control.name}:
                    sent.append((control.name, control.value))
            elif control.is_on and control.kind != "button":
                sent.append((control.name, control.value))
        return sent


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: Control | None = None
        self._text: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is None or "disabled" in given:
            return
        elif tag == "input":
            self._input(given)
        elif tag == "button":
            if given.get("name"):
                kind = given.get("type", "submit")
                self._add(Control(given["name"], kind, given.get("value", "")))
        elif tag == "select":
            self._select = self._add(Control(given.get("name", ""), "select"))
        elif tag == "option" and self._select is not None:
            value = given.get("value", "")
            if not self._select.options or "selected" in given:
                self._select.value = value
            self._select.options.append(value)
        elif tag == "textarea":
            self._text = self._add(Control(given.get("name", ""), "textarea"))

    def _input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text").lower()
        if not given.get("name"):
            return
        is_on = kind not in {"checkbox", "radio"} or "checked" in given
        default = "on" if kind in {"checkbox", "radio"} else ""
        self._add(Control(given["name"], kind, given.get("value", default), is_on=is_on))

    def _add(self, control: Control) -> Control:
        if self._form is not None:
            self._form.controls.append(control)
        return control

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._text = None


def read(html: str) -> list[Form]:
    """Return the forms of a page."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms
