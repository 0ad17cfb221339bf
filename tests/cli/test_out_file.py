"""What is said where a command has written its numbers and can't draw them."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from sandtable.cli.out_file import numbers_kept
from sandtable.errors import SandtableError


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (MemoryError(), "memory is used up"),
        (OSError(errno.EFBIG, "File too large", "a.png"), "a.png: File too large"),
    ],
)
def test_numbers_that_are_written_are_told(error: Exception, told: str) -> None:
    with pytest.raises(SandtableError) as said, numbers_kept(Path("scores")):
        raise error
    first, second = str(said.value).splitlines()
    assert first.startswith(told)
    assert second == ("all but the figures is written to scores; use --overwrite to draw them too")


def test_any_other_error_is_left_as_it_is() -> None:
    with pytest.raises(KeyError), numbers_kept(Path("scores")):
        raise KeyError
