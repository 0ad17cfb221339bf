"""Data in a page: the same values come back, and nothing can end the element or begin another."""

from __future__ import annotations

import base64
import hashlib
import json
from html.parser import HTMLParser

import pytest

from sandtable.report.text import json_text, source_hash

HOSTILE = "</script><script>alert(1)</script><!-- &amp; \u2028\u2029 ]]>"


def test_json_comes_back_as_it_was() -> None:
    value = {HOSTILE: [1, 2.5, None, "Nomonhan ノモンハン", HOSTILE]}
    assert json.loads(json_text(value)) == value


def test_hostile_words_stay_in_their_element() -> None:
    class Tags(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.seen: list[str] = []

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.seen.append(tag)

    tags = Tags()
    tags.feed(f'<script type="application/json">{json_text(HOSTILE)}</script><p></p>')
    assert tags.seen == ["script", "p"]
    assert not set("<>&\u2028\u2029") & set(json_text(HOSTILE))


def test_json_has_no_infinity() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text(float("inf"))


def test_hash_of_a_script() -> None:
    digest = base64.b64encode(hashlib.sha256("äb".encode()).digest()).decode()
    assert source_hash("äb") == f"'sha256-{digest}'"
