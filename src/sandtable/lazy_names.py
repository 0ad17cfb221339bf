"""Names of a package that are fetched from its modules only when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module


def lazy_names(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """Return the ``__getattr__`` of a package (PEP 562).

    ``homes`` gives by module of the package the names that it offers from there, with blanks
    between them. None may be that of a module of the package, which would hide it.
    """
    home_of = {name: module for module, names in homes.items() for name in names.split()}

    def fetch(name: str) -> object:
        if name not in home_of:
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        return getattr(import_module(f"{package}.{home_of[name]}"), name)

    return fetch
