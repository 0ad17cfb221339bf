"""Which uncertain inputs an outcome's spread comes from."""

from sandtable.studies.sensitivity.method import SensitivityFindings
from sandtable.studies.sensitivity.specification import SensitivitySpecification
from sandtable.studies.sensitivity.study import SensitivityStudy
from sandtable.studies.sensitivity.tables import SensitivityResult

__all__ = [
    "SensitivityFindings",
    "SensitivityResult",
    "SensitivitySpecification",
    "SensitivityStudy",
]
