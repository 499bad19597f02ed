"""ClinicalTrials.gov, legacy XML (`clinical_study`) -> API v2's shape. Dates are English, enumerations are words.

Papers under `reference` are background; `results_reference` does not say whether the sponsor or PubMed named them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from kg.errors import SourceError
from kg.gate import Member, iter_records
from kg.model.intake import Ignored, Refused
from kg.model.trials import Trial
from kg.registries.ctgov_study import read_study
from kg.registries.ctgov_xml_results import results_section
from kg.registries.ctgov_xml_tags import why_not_taken

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "ctgov-xml"
SUMMARY = "ClinicalTrials.gov, XML of the former site: clinical_study, one or many"

_LOOK = re.compile(rb"<clinical_study[\s>]")
_PROCESSED = re.compile(r"ClinicalTrials\.gov processed this data on (.+)")


def accepts(member: Member) -> bool:
    """Say whether a file looks like this format."""
    return member.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" and bool(_LOOK.search(member.head))


def read(member: Member) -> Iterator[Trial | Refused | Ignored]:
    """Give the trials of a file, and what is refused or not taken over. Raises `SourceError` for what is no XML."""
    found = 0
    for found, record in enumerate(iter_records(member.read(), member.name, "clinical_study"), 1):
        study, notes = _in_new_shape(record.element), tuple(why_not_taken(record.element))
        place = f"clinical_study {found}"
        yield from read_study(study, source_format=KIND, place=place, line=record.line, notes=notes)
    if not found:
        raise SourceError(member.name, 0, "", "found no clinical_study, expected one or more")


def _text(element: Element, path: str) -> str:
    return _plain(element.find(path))


def _plain(element: Element | None) -> str:
    """Give the text of an element: paragraphs stay apart, and lines that the former site wrapped are one again."""
    text = "".join(element.itertext()) if element is not None else ""
    return "\n\n".join(
        " ".join(paragraph.split()) for paragraph in re.split(r"\n[ \t\r]*\n", text) if paragraph.strip()
    )


def _texts(element: Element, path: str) -> list[str]:
    return [text for each in element.findall(path) if (text := _plain(each))]


def _dated(study: Element, tag: str) -> dict[str, str]:
    element = study.find(tag)
    kind = (element.get("type") or "") if element is not None else ""
    return {"date": _plain(element), "type": kind}


def _in_new_shape(study: Element) -> dict[str, object]:
    processed = _PROCESSED.fullmatch(_text(study, "required_header/download_date"))
    results = study.find("clinical_results")
    shape: dict[str, object] = {
        "protocolSection": {
            **_who(study),
            **_what(study),
            "eligibilityModule": _eligibility(study),
            "contactsLocationsModule": {"locations": [{"country": each} for each in _countries(study)]},
            "referencesModule": {"references": list(_references(study))},
            "ipdSharingStatementModule": {"ipdSharing": _text(study, "patient_data/sharing_ipd")},
        },
        "derivedSection": {
            "miscInfoModule": {"versionHolder": processed[1] if processed else ""},
            **{
                f"{kind}BrowseModule": {
                    "meshes": [{"term": term} for term in _texts(study, f"{kind}_browse/mesh_term")]
                }
                for kind in ("condition", "intervention")
            },
        },
        "hasResults": results is not None,
    }
    if results is not None:
        shape["resultsSection"] = results_section(results)
    return shape


def _who(study: Element) -> dict[str, object]:
    return {
        "identificationModule": {
            "nctId": _text(study, "id_info/nct_id"),
            "nctIdAliases": _texts(study, "id_info/nct_alias"),
            "orgStudyIdInfo": {"id": _text(study, "id_info/org_study_id")},
            "secondaryIdInfos": [{"id": each} for each in _texts(study, "id_info/secondary_id")],
            "briefTitle": _text(study, "brief_title"),
            "officialTitle": _text(study, "official_title"),
            "acronym": _text(study, "acronym"),
        },
        "statusModule": {
            "overallStatus": _text(study, "overall_status"),
            "lastKnownStatus": _text(study, "last_known_status"),
            "whyStopped": _text(study, "why_stopped"),
            "startDateStruct": _dated(study, "start_date"),
            "primaryCompletionDateStruct": _dated(study, "primary_completion_date"),
            "completionDateStruct": _dated(study, "completion_date"),
            "studyFirstPostDateStruct": _dated(study, "study_first_posted"),
            "resultsFirstPostDateStruct": _dated(study, "results_first_posted"),
            "lastUpdatePostDateStruct": _dated(study, "last_update_posted"),
        },
        "sponsorCollaboratorsModule": {
            "leadSponsor": {"name": _text(study, "sponsors/lead_sponsor/agency")},
            "collaborators": [{"name": each} for each in _texts(study, "sponsors/collaborator/agency")],
        },
        "descriptionModule": {
            "briefSummary": _text(study, "brief_summary"),
            "detailedDescription": _text(study, "detailed_description"),
        },
    }


def _what(study: Element) -> dict[str, object]:
    kind = _text(study, "study_type")
    phases = [each for each in re.split(r"\s*/\s*(?!A)", _text(study, "phase")) if each]
    masking, _, masked = _text(study, "study_design_info/masking").partition("(")
    return {
        "conditionsModule": {"conditions": _texts(study, "condition"), "keywords": _texts(study, "keyword")},
        "designModule": {
            "studyType": kind,
            "phases": phases if kind == "Interventional" or phases != ["N/A"] else [],  # the others have none today
            "designInfo": {
                "allocation": _text(study, "study_design_info/allocation"),
                "interventionModel": _text(study, "study_design_info/intervention_model"),
                "primaryPurpose": _text(study, "study_design_info/primary_purpose"),
                "observationalModel": _text(study, "study_design_info/observational_model"),
                "timePerspective": _text(study, "study_design_info/time_perspective"),
                "maskingInfo": {
                    "masking": masking.strip(),
                    "whoMasked": [] if "Open Label" in masked else re.split(r"\s*,\s*", masked.rstrip(" )")),
                },
            },
            "enrollmentInfo": {
                "count": _text(study, "enrollment"),
                "type": _dated(study, "enrollment")["type"],
            },
        },
        "armsInterventionsModule": _given(study),
        "outcomesModule": {
            f"{rank}Outcomes": [
                {
                    "measure": _text(each, "measure"),
                    "description": _text(each, "description"),
                    "timeFrame": _text(each, "time_frame"),
                }
                for each in study.findall(f"{rank}_outcome")
            ]
            for rank in ("primary", "secondary", "other")
        },
    }


def _given(study: Element) -> dict[str, object]:
    interventions = [
        {
            "name": _text(each, "intervention_name"),
            "type": _text(each, "intervention_type"),
            "description": _text(each, "description"),
            "otherNames": _texts(each, "other_name"),
            "armGroupLabels": _texts(each, "arm_group_label"),
        }
        for each in study.findall("intervention")
    ]
    arms = [
        {
            "label": _text(each, "arm_group_label"),
            "type": _text(each, "arm_group_type"),
            "description": _text(each, "description"),
            "interventionNames": [
                given["name"] for given in interventions if _text(each, "arm_group_label") in given["armGroupLabels"]
            ],
        }
        for each in study.findall("arm_group")
    ]
    return {"armGroups": arms, "interventions": interventions}


def _eligibility(study: Element) -> dict[str, object]:
    return {
        "eligibilityCriteria": _text(study, "eligibility/criteria"),
        "healthyVolunteers": _text(study, "eligibility/healthy_volunteers"),
        "sex": _text(study, "eligibility/gender"),
        "minimumAge": _text(study, "eligibility/minimum_age"),
        "maximumAge": _text(study, "eligibility/maximum_age"),
    }


def _countries(study: Element) -> list[str]:
    return _texts(study, "location/facility/address/country") or _texts(study, "location_countries/country")


def _references(study: Element) -> Iterator[dict[str, object]]:
    for tag, kind in (("reference", "BACKGROUND"), ("results_reference", "RESULT")):
        for each in study.findall(tag):
            yield {"pmid": _text(each, "PMID"), "citation": _text(each, "citation"), "type": kind}
