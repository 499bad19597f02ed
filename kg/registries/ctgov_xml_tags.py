"""The elements of ClinicalTrials.gov's legacy XML: those that are read, and why the others are not."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

__all__ = ["why_not_taken"]

_CONTACT = "people and how to reach them are not taken over"
_ADMINISTRATION = "dates and duties of the registration are not taken over"
_DETAIL = "this detail of the design is not taken over"
_COLLECTED = "how events were collected is not taken over"
_ANALYSIS = "remarks on an analysis are not taken over"

#: Elements that are read, with all that is in them unless a path below says otherwise.
_READ = frozenset(
    (
        *("acronym", "arm_group", "brief_summary", "brief_title", "clinical_results", "completion_date", "condition"),
        *("condition_browse", "detailed_description", "eligibility", "enrollment", "id_info", "intervention"),
        *(
            "intervention_browse",
            "keyword",
            "last_known_status",
            "last_update_posted",
            "location",
            "location_countries",
        ),
        *("official_title", "other_outcome", "overall_status", "patient_data", "phase", "primary_completion_date"),
        *("primary_outcome", "reference", "required_header", "results_first_posted", "results_reference"),
        *("secondary_outcome", "sponsors", "start_date", "study_design_info", "study_first_posted", "study_type"),
        "why_stopped",
    )
)
_INSIDE = {
    "clinical_results": {
        "baseline",
        "outcome_list",
        "participant_flow",
        "reported_events",
    },
    "id_info": {"nct_alias", "nct_id", "org_study_id", "secondary_id"},
    "sponsors": {"collaborator", "lead_sponsor"},
    "study_design_info": {
        *("allocation", "intervention_model", "masking", "observational_model", "primary_purpose", "time_perspective"),
    },
    "eligibility": {"criteria", "gender", "healthy_volunteers", "maximum_age", "minimum_age"},
    "arm_group": {"arm_group_label", "arm_group_type", "description"},
    "intervention": {"arm_group_label", "description", "intervention_name", "intervention_type", "other_name"},
    "reference": {"PMID", "citation"},
    "results_reference": {"PMID", "citation"},
    "patient_data": {"sharing_ipd"},
    "location": {"facility"},
    "required_header": {"download_date", "link_text", "url"},
}
#: Paths of elements that are known and not taken over.
_NOT_TAKEN: dict[str, str] = {
    **dict.fromkeys(("overall_contact", "overall_contact_backup", "overall_official", "responsible_party"), _CONTACT),
    **dict.fromkeys(("location/contact", "location/contact_backup", "location/investigator"), _CONTACT),
    **{
        f"location/{each}": "of a place only the country is taken over"
        for each in (
            "status",
            "facility/name",
            "facility/address/city",
            "facility/address/state",
            "facility/address/zip",
        )
    },
    **{
        f"sponsors/{each}/agency_class": "the kind of sponsor is not taken over"
        for each in ("collaborator", "lead_sponsor")
    },
    **dict.fromkeys(
        (
            *("disposition_first_posted", "disposition_first_submitted", "disposition_first_submitted_qc"),
            *("expanded_access_info", "has_expanded_access", "last_update_submitted", "last_update_submitted_qc"),
            *("oversight_info", "pending_results", "results_first_submitted", "results_first_submitted_qc", "source"),
            *("study_first_submitted", "study_first_submitted_qc", "verification_date", "firstreceived_date"),
            *("firstreceived_results_date", "lastchanged_date"),
        ),
        _ADMINISTRATION,
    ),
    **dict.fromkeys(
        (
            *("biospec_descr", "biospec_retention", "number_of_arms", "number_of_groups", "target_duration"),
            *("eligibility/gender_based", "eligibility/gender_description", "eligibility/sampling_method"),
            *("eligibility/study_pop", "study_design_info/intervention_model_description"),
            "study_design_info/masking_description",
        ),
        _DETAIL,
    ),
    "link": "web pages are not taken over",
    "provided_document_section": "documents are not taken over",
    "removed_countries": "countries without a place any more are not taken over",
    **{
        f"patient_data/{each}": "only whether data are shared is taken over"
        for each in ("ipd_description", "ipd_access_criteria", "ipd_info_type", "ipd_time_frame", "ipd_url")
    },
    **{
        f"clinical_results/{each}": "agreements, limitations and contacts are not taken over"
        for each in ("certain_agreements", "limitations_and_caveats", "point_of_contact")
    },
    **{
        f"clinical_results/participant_flow/{each}": "the text on recruitment is not taken over"
        for each in ("pre_assignment_details", "recruitment_details")
    },
    "clinical_results/reported_events/desc": _COLLECTED,
    **{
        f"clinical_results/reported_events/{kind}_events/{each}": _COLLECTED
        for kind in ("serious", "other")
        for each in ("default_assessment", "category_list/category/event_list/event/description")
    },
    **{
        f"clinical_results/reported_events/{kind}_events/frequency_threshold": (
            "other events below the threshold are not listed by the record"
        )
        for kind in ("serious", "other")
    },
    "clinical_results/outcome_list/outcome/posting_date": _ADMINISTRATION,
    **{
        f"clinical_results/outcome_list/outcome/analysis_list/analysis/{each}": _ANALYSIS
        for each in (
            *("estimate_desc", "groups_desc", "non_inferiority_desc", "other_analysis_desc", "p_value_desc"),
            *("ci_lower_limit_na_comment", "ci_upper_limit_na_comment"),
        )
    },
}


def why_not_taken(study: Element) -> Iterator[tuple[str, str]]:
    """Give (element, reason) for each element of a record that is not read; unknown ones are called unknown."""
    for top in study:
        if top.tag not in _READ:
            yield top.tag, _NOT_TAKEN.get(top.tag, "no such element is known")
            continue
        for inner in top if top.tag in _INSIDE else ():
            path = f"{top.tag}/{inner.tag}"
            if inner.tag not in _INSIDE[top.tag]:
                yield path, _NOT_TAKEN.get(path, "no such element is known")
    for path, reason in _NOT_TAKEN.items():
        if path.count("/") > 1 and study.find(path) is not None:
            yield path, reason
