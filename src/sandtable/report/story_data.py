"""The story of each replication that is told in full, in pieces that lead to what they name."""

from __future__ import annotations

from typing import Any

from sandtable.report.material import Material
from sandtable.story import LISTS, Link, Paragraph, Words, story


def story_block(material: Material) -> dict[str, Any]:
    """Return the stories by the number of their replication, ``told``.

    A story is a list of paragraphs: the day from H-hour (null in a chapter after the last day, a
    list of sentences), the date, the chapter, whom it is about (empty: all), and sentences of two
    lists: what is told, and the record's words. A piece is a text, or the place in ``names`` of a
    name: its kind, id and text.
    """
    names: dict[Link, int] = {}
    told = {
        str(number): [_paragraph(one, names) for one in story(material.run, replay)]
        for number in material.told
        for replay in (material.run.replay(number),)
    }
    return {"told": told, "names": [list(link) for link in names]}


def _paragraph(paragraph: Paragraph, names: dict[Link, int]) -> list[Any]:
    listed = paragraph.chapter in LISTS
    return [
        None if listed else round(paragraph.day, 3),
        paragraph.date,
        paragraph.chapter,
        paragraph.about.text if paragraph.about else "",
        [[_pieces(one.words, names), _pieces(one.record, names)] for one in paragraph.sentences],
    ]


def _pieces(words: Words, names: dict[Link, int]) -> list[str | int]:
    return [
        names.setdefault(piece, len(names)) if isinstance(piece, Link) else piece for piece in words
    ]
