"""Data and scripts as they stand in a page: nothing in them can end an element or be one."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

_ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def json_text(value: Any) -> str:
    """Return a value as JSON without any character that HTML could take for markup.

    Raises ValueError for NaN and infinities, which JSON lacks.
    """
    told = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return told.translate(_ESCAPED)


def source_hash(text: str) -> str:
    """Return the hash by which a content security policy knows an inline script or style."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
