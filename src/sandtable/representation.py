"""What Python shows of an object: a line in a terminal, a small table in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape


class Represented:
    """Something that represents itself by a few words, however much it holds.

    No abstract base class: of one, dataclasses would take ``register`` for a field's default.
    """

    __slots__ = ()

    def represented(self) -> Mapping[str, object]:
        """Return what is told of it, by heading; the first tells what it is."""
        raise NotImplementedError

    def __repr__(self) -> str:
        told = ", ".join(f"{name}: {value}" for name, value in self.represented().items())
        return f"<{type(self).__name__} {told}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(name)}</th>"
            f"<td style='text-align:left'>{escape(str(value))}</td></tr>"
            for name, value in self.represented().items()
        )
        return f"<table><caption>{escape(type(self).__name__)}</caption>{rows}</table>"
