"""ISCT criteria, executable: a table of marker percentages in, a verdict for each cell population out.

The criteria themselves stand in `ontology/isct.ttl`, the classification in `queries/isct/`; here tables are read and
answers put together.
"""

from kg.isct.judgement import Judgement, judge, judgement_rows
from kg.isct.panel import Panel, read_panel
from kg.isct.samples import Measurement, Sample, sample_quads
from kg.isct.shares import Share, read_answer, read_share
from kg.isct.tables import FORMS, Reading, read_table

__all__ = [
    "FORMS",
    "Judgement",
    "Measurement",
    "Panel",
    "Reading",
    "Sample",
    "Share",
    "judge",
    "judgement_rows",
    "read_answer",
    "read_panel",
    "read_share",
    "read_table",
    "sample_quads",
]
