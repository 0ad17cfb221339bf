"""The command line."""

from sandtable.cli.app import main

__all__ = ["main"]
