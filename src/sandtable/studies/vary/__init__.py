"""A campaign at many points of chosen keys: where its outcomes cross the record."""

from sandtable.studies.vary.method import VaryFindings
from sandtable.studies.vary.specification import VarySpecification
from sandtable.studies.vary.study import VaryStudy
from sandtable.studies.vary.tables import VaryResult

__all__ = ["VaryFindings", "VaryResult", "VarySpecification", "VaryStudy"]
