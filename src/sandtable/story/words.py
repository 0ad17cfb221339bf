"""Sentences in pieces: text, and names that lead to what they name."""

from __future__ import annotations

from collections.abc import Sequence
from string import Formatter
from typing import Literal, NamedTuple

from sandtable.numerals import figure

LinkKind = Literal["formation", "place", "axis", "battle", "claim", "side"]


class Link(NamedTuple):
    """The name of something of the campaign, and what it is: a kind and an id of it."""

    kind: LinkKind
    id: str
    text: str


Piece = str | Link
Words = tuple[Piece, ...]
"""A text in pieces, in their order."""

_TEMPLATES = Formatter()


def say(template: str, **parts: Piece | Words) -> Words:
    """Return a template's words, with each ``{name}`` replaced by the part of that name."""
    found: list[Piece] = []
    for text, name, _, _ in _TEMPLATES.parse(template):
        found.append(text)
        if name is not None:
            part = parts[name]
            found += [part] if isinstance(part, str | Link) else part
    return joined(*found)


def joined(*pieces: Piece | Words) -> Words:
    """Return pieces one after the other, neighbouring texts as one."""
    found: list[Piece] = []
    for piece in pieces:
        own = (piece,) if isinstance(piece, str | Link) else piece
        for one in own:
            if isinstance(one, str) and found and isinstance(found[-1], str):
                found[-1] = str(found[-1]) + one
            elif one != "":
                found.append(one)
    return tuple(found)


def text_of(words: Words) -> str:
    """Return words as plain text."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in words)


def links_of(words: Words) -> list[Link]:
    """Return the names in words that lead somewhere, each once."""
    return list(dict.fromkeys(piece for piece in words if isinstance(piece, Link)))


def listed(items: Sequence[Piece | Words], most: int = 0, more: str = "more") -> Words:
    """Return items as a list: ``a``, ``a and b``, ``a, b and c``.

    Of more than ``most`` (0: any number) only the first stand there: ``a, b and nine more``.
    """
    shown = list(items) if not most or len(items) <= most + 1 else list(items[:most])
    rest = len(items) - len(shown)
    if rest:
        shown.append(numbered(rest, more, more))
    found: list[Piece | Words] = []
    for number, item in enumerate(shown):
        if number:
            found.append(" and " if number == len(shown) - 1 else ", ")
        found.append(item)
    return joined(*found)


def sentence(words: Words) -> Words:
    """Return words as a sentence: with a capital and a full stop."""
    first, *rest = words
    if isinstance(first, str):
        first = first[:1].upper() + first[1:]
    else:
        first = first._replace(text=first.text[:1].upper() + first.text[1:])
    return joined(first, *rest, ".")


def counted(number: float, one: str, many: str | None = None) -> str:
    """Return a number with its noun: ``1 man``, ``2 men``, ``1,234 tanks``; none: ``no tanks``.

    NaN is ``an unknown number of men``.
    """
    if number != number:
        return f"an unknown number of {many or f'{one}s'}"
    whole = round(number)
    noun = one if whole == 1 else many or f"{one}s"
    return f"{figure(whole) if whole else 'no'} {noun}"


_NUMERALS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip


def numbered(number: int, one: str, many: str | None = None) -> str:
    """Return a small number of things in words: ``one wave``, ``nine fights``, ``13 fights``."""
    noun = one if number == 1 else many or f"{one}s"
    return f"{_NUMERALS[number] if number < len(_NUMERALS) else figure(number)} {noun}"


def men(number: float) -> str:
    """Return so many men in words."""
    return counted(number, "man", "men")
