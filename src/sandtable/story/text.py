"""A story as plain text, as Markdown, as data, and as bare facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sandtable.story.story import LISTS, Paragraph, Sentence
from sandtable.story.words import links_of, text_of

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|])")


def text_lines(title: str, told: Sequence[Paragraph]) -> Iterator[str]:
    """Yield a story as plain text: headings and paragraphs, none of them broken into lines."""
    yield title
    chapter, date = "", ""
    for paragraph in told:
        if paragraph.chapter != chapter:
            chapter, date = paragraph.chapter, ""
            yield from ("", chapter.upper())
        if paragraph.chapter not in LISTS and paragraph.date != date:
            date = paragraph.date
            yield from ("", date)
        about = f"{paragraph.about.text}. " if paragraph.about else ""
        sentences = [_with_record(sentence) for sentence in paragraph.sentences]
        if paragraph.chapter in LISTS:
            yield ""
            yield from (f"  {sentence}" for sentence in sentences)
        else:
            yield f"  {about}{' '.join(sentences)}"


def _with_record(sentence: Sentence) -> str:
    return f"{sentence.text} [{text_of(sentence.record)}]" if sentence.record else sentence.text


def markdown_lines(title: str, told: Sequence[Paragraph]) -> Iterator[str]:
    """Yield a story as Markdown, in which nothing of a name is markup."""
    yield f"# {_plain(title)}"
    chapter, date = "", ""
    phased = any(paragraph.chapter not in ("", *LISTS) for paragraph in told)
    for paragraph in told:
        if paragraph.chapter != chapter:
            chapter, date = paragraph.chapter, ""
            yield from ("", f"## {_plain(chapter)}")
        if paragraph.chapter not in LISTS and paragraph.date != date:
            date = paragraph.date
            yield from ("", f"##{'#' if phased else ''} {date}")
        sentences = [_with_record_marked(sentence) for sentence in paragraph.sentences]
        yield ""
        if paragraph.chapter in LISTS:
            yield from (f"- {sentence}" for sentence in sentences)
        else:
            about = f"**{_plain(paragraph.about.text)}.** " if paragraph.about else ""
            yield f"{about}{' '.join(sentences)}"


def _with_record_marked(sentence: Sentence) -> str:
    record = f" *\\[{_plain(text_of(sentence.record))}\\]*" if sentence.record else ""
    return f"{_plain(sentence.text)}{record}"


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)


def facts(told: Sequence[Paragraph]) -> Iterator[str]:
    """Yield the bare facts, one a line: the date, the kind of what happened, and the names."""
    for paragraph in told:
        for sentence in paragraph.sentences:
            names = ", ".join(link.text.removeprefix("the ") for link in links_of(sentence.words))
            yield f"{paragraph.date} {sentence.kind}: {names or sentence.text.rstrip('.')}"


def as_json(told: Sequence[Paragraph]) -> list[dict[str, Any]]:
    """Return a story as data: paragraphs, their sentences, names with ids, the record's claims."""
    return [
        {
            "day": paragraph.day,
            "date": paragraph.date,
            "chapter": paragraph.chapter,
            "about": paragraph.about and paragraph.about._asdict(),
            "sentences": [
                {
                    "day": sentence.day,
                    "kind": sentence.kind,
                    "text": sentence.text,
                    "names": [link._asdict() for link in links_of(sentence.words)],
                    "record": [
                        {"claim": one.claim, "outcome": one.outcome, "said": one.said,
                         "claimant": one.claimant, "differs": one.differs}
                        for one in sentence.beside
                    ],
                }
                for sentence in paragraph.sentences
            ],
        }
        for paragraph in told
    ]  # fmt: skip
