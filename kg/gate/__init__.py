"""One gate for all files of other people: size, depth and encoding are looked at before anything is read."""

from kg.gate.json_ld import check_json_ld
from kg.gate.json_text import BadLine, JsonLine, iter_json_lines, read_json
from kg.gate.member import Limits, Member, Skipped, open_file, open_members, walk
from kg.gate.rdf import RdfFile, read_rdf, syntax_of
from kg.gate.text import check_fit, decode, decode_lines, what_is
from kg.gate.xml import check_xml, iter_records, parse_xml
from kg.gate.yaml_text import Document, read_yaml

__all__ = [
    "BadLine",
    "Document",
    "JsonLine",
    "Limits",
    "Member",
    "RdfFile",
    "Skipped",
    "check_fit",
    "check_json_ld",
    "check_xml",
    "decode",
    "decode_lines",
    "iter_json_lines",
    "iter_records",
    "open_file",
    "open_members",
    "parse_xml",
    "read_json",
    "read_rdf",
    "read_yaml",
    "syntax_of",
    "walk",
    "what_is",
]
