"""The report of a run: one HTML page that plays the campaign and sets it beside the record."""

from sandtable.report.page import report_text, write_report

__all__ = ["report_text", "write_report"]
