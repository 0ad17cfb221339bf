"""A run as a file of another tool, and an order of battle from one."""

from sandtable.export.formats import FORMATS, export_run, import_orbat_mapper

__all__ = ["FORMATS", "export_run", "import_orbat_mapper"]
