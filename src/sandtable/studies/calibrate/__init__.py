"""Which values of a scenario's keys the record does not rule out."""

from sandtable.studies.calibrate.findings import CalibrationFindings
from sandtable.studies.calibrate.specification import CalibrationSpecification
from sandtable.studies.calibrate.study import CalibrationStudy
from sandtable.studies.calibrate.tables import CalibrationResult

__all__ = [
    "CalibrationFindings",
    "CalibrationResult",
    "CalibrationSpecification",
    "CalibrationStudy",
]
