"""Warnings of work that goes on, printed as they come up; apart, for `logging` takes its time."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sandtable.cli.output import say


@contextmanager
def warnings_printed(quiet: bool) -> Iterator[None]:
    """Print on stderr what the package logs as a warning; nothing if ``quiet``."""
    log, handler = logging.getLogger("sandtable"), _Printed()
    handler.setLevel(logging.CRITICAL if quiet else logging.WARNING)
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


class _Printed(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        say(f"warning: {record.getMessage()}", err=True)
