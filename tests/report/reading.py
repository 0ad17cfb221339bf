"""A report read as a stranger would read it: elements and attributes, and the data in it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """The elements of a page in order, with the text up to the next tag of any kind."""

    source: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open = False
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = True
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            self.elements[-1].text += data

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    @property
    def scripts(self) -> list[str]:
        return [one.text for one in self.all("script") if "type" not in one.attributes]

    def data(self, name: str, run: int = 0) -> Any:
        (found,) = (
            one.text for one in self.all("script") if one.attributes.get("id") == f"{name}-{run}"
        )
        return json.loads(found)
