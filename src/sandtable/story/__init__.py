"""The story of one replication, in sentences that are made from what happened in it."""

from sandtable.story.diary import diary
from sandtable.story.story import END, LISTS, RECORD, Extent, Paragraph, Sentence, story
from sandtable.story.words import Link, Words, text_of

__all__ = [
    "END",
    "LISTS",
    "RECORD",
    "Extent",
    "Link",
    "Paragraph",
    "Sentence",
    "Words",
    "diary",
    "story",
    "text_of",
]
