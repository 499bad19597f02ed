"""Records of the EU Clinical Trials Register as the R package ctrdata stores them (JSON) -> `Trial`.

The register has one record for each member state, with the number of the trial and the letters of the state: each is a
`Trial` with the same number, and the state is told in `other_ids`. Keys are the questions of the application form with
their numbers ("e12_open" for E.8.1.2); a record of a trial with results has those too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.gate import Member
from kg.model.intake import Ignored, Refused
from kg.model.trials import Date, Eligibility, Intervention, Trial, TrialOutcome
from kg.registries.ctgov_json import documents
from kg.registries.euctr_not_taken import reasons_for
from kg.registries.euctr_results import LISTS, read_adverse_events, read_arms, read_results
from kg.registries.numbers import canonical_number, registry_of
from kg.registries.parts import Notes, Part, show
from kg.registries.shared_words import note_date, note_word, once, one_line, other_names, plain_text, with_missing
from kg.registries.whole_files import has_json_keys
from kg.registries.xml_json import tidied

__all__ = ["KIND", "SUMMARY", "accepts", "read"]

KIND = "euctr-json"
SUMMARY = "EU Clinical Trials Register, JSON as ctrdata stores it"

#: "Ongoing" does not tell whether it recruits; a transitioned trial goes on in another register.
_STATUS = {
    "completed": "COMPLETED",
    "gb - no longer in eu/eea": "",
    "not authorised": "",
    "ongoing": "",
    "prematurely ended": "TERMINATED",
    "prohibited by ca": "",
    "restarted": "",
    "suspended by ca": "SUSPENDED",
    "temporarily halted": "SUSPENDED",
    "trial now transitioned": "",
}
_PHASES = {
    "e71_human_pharmacology_phase_i": "PHASE1",
    "e72_therapeutic_exploratory_phase_ii": "PHASE2",
    "e73_therapeutic_confirmatory_phase_iii": "PHASE3",
    "e74_therapeutic_use_phase_iv": "PHASE4",
}
_MASKING = {"e812_open": "NONE", "e813_single_blind": "SINGLE", "e814_double_blind": "DOUBLE"}
_MODELS = {"e815_parallel_group": "PARALLEL", "e816_cross_over": "CROSSOVER"}
_PURPOSES = {"e61_diagnosis": "DIAGNOSTIC", "e62_prophylaxis": "PREVENTION", "e63_therapy": "TREATMENT"}
#: Origin of a product -> type of intervention; a cell therapy is both biological and of advanced therapy.
_TYPES = {
    "d31131_somatic_cell_therapy_medicinal_product": "BIOLOGICAL",
    "d31133_tissue_engineered_product": "BIOLOGICAL",
    "d31132_gene_therapy_medical_product": "GENETIC",
    "d3112_active_substance_of_biological_biotechnological_origin_other_than_advanced_therapy_imp_atimp": "BIOLOGICAL",
    "d3111_active_substance_of_chemical_origin": "DRUG",
}
_PRODUCT = {
    "role": "d12_and_d13_imp_role",
    "form": "d34_pharmaceutical_form",
    "route": "d37_routes_of_administration_for_this_imp",
}


def accepts(member: Member) -> bool:
    """Say whether a file holds records of the register."""
    return has_json_keys(member, "a2_eudract_number")


def read(member: Member) -> Iterator[Trial | Refused | Ignored]:
    """Give a trial for each record, which is one of a member state; raise `SourceError` for JSON that is not whole."""
    place = 0
    for document in documents(member):
        if isinstance(document, Refused):
            yield document
            continue
        line, value = document
        for raw in value if isinstance(value, list) else [value]:
            place += 1
            record = tidied(raw, LISTS)
            printed = record.get("a2_eudract_number") if isinstance(record, dict) else None
            number = canonical_number(printed) if isinstance(printed, str) else ""
            if not isinstance(record, dict) or registry_of(number) != "EU CTR":
                yield Refused(
                    f"record {place}", f"found {show(printed)}, expected a number such as 2016-004489-24", line
                )
                continue
            notes = Notes(number, reasons_for(record))
            yield _trial(notes.part(record), number)
            yield from notes.ignored()


def _trial(record: Part, number: str) -> Trial:
    notes = record.notes
    record.text("a2_eudract_number")
    information = record.part("trialInformation")
    state, state_id = _member_state(record, number)
    numbers, others = _numbers(record, information, number)
    arms, treatments, titles = read_arms(record)
    interventions = _merged(_products(record), treatments)
    planned = record.whole("f422_in_the_whole_clinical_trial")
    results = read_results(record, titles)
    sponsors = once(one_line(each.text("b11_name_of_sponsor")) for each in record.parts("b1_sponsor"))
    terms = record.parts("e12_meddra_classification")
    for each in terms:
        each.flag("e13_condition_being_studied_is_a_rare_disease")
    return with_missing(
        Trial(
            number=number,
            registry="EU CTR",
            source_format=KIND,
            data_date=note_date(notes, "record_last_import", record.text("record_last_import")),
            other_numbers=numbers,
            other_ids=once((state_id, *others)),
            title=_text(record, "a31_title_of_the_trial_for_lay_people_in_easily_understood_ie_nontechnical_language"),
            official_title=_text(record, "a3_full_title_of_the_trial"),
            acronym=_text(record, "a32_name_or_abbreviated_title_of_the_trial_where_available"),
            summary=plain_text(record.text("e21_main_objective_of_the_trial")),
            description=plain_text(record.text("e22_secondary_objectives_of_the_trial")),
            status=_status(record),
            study_type="INTERVENTIONAL",  # the register holds no others
            phases=_yes(record, _PHASES),
            allocation="RANDOMIZED" if record.flag("e811_randomised") else "",
            intervention_model=_only(record, _MODELS),
            purpose=_only(record, _PURPOSES),
            masking=_only(record, _MASKING),
            enrolment=planned,
            enrolment_kind="ESTIMATED" if planned is not None else "",
            start=_day(information, "recruitmentStartDate"),
            completion=_day(record, "p_date_of_the_global_end_of_the_trial")
            or _day(information, "globalEndOfTrialDate"),
            first_posted=_day(record, "x6_date_on_which_this_record_was_first_entered_in_the_eudract_database", ""),
            sponsor=sponsors[0] if sponsors else "",
            collaborators=sponsors[1:],
            countries=once([state]),
            conditions=once([_text(record, "e11_medical_conditions_being_investigated")]),
            keywords=once(one_line(each.text("e12_term")) for each in terms),
            arms=arms,
            interventions=interventions,
            outcomes=tuple(_outcomes(record)),
            eligibility=_eligibility(record),
            has_results=True if results else None,
            results=results,
            adverse_events=read_adverse_events(record),
        ),
        frozenset() if arms else frozenset(["arms", "start"]),  # a record without results has no place for them
    )


def _text(record: Part, key: str) -> str:
    return one_line(record.text(key))


def _day(record: Part, key: str, kind: str = "ACTUAL") -> Date | None:
    return note_date(record.notes, record.place(key), record.text(key), kind=kind)


def _member_state(record: Part, number: str) -> tuple[str, str]:
    """Give country and identifier of the record: "Germany" and "2016-004489-24-DE", or the state's name for letters."""
    authority = _text(record, "a1_member_state_concerned")
    own = record.text("_id")
    letters = own if re.fullmatch(rf"{number}-[A-Za-z0-9/-]+", own) else ""
    return authority.partition(" - ")[0], letters or (f"{number} ({authority})" if authority else "")


def _numbers(record: Part, information: Part, number: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    keys = sorted(key for key in record.raw if re.match("a(?:41|5[1-9])[a-z0-9]*_", str(key)))
    named = [record.text(key) for key in keys]
    named += [information.text(key) for key in ("usctnIdentifier", "isrctnIdentifier", "whoIdentifier")]
    named.append(information.text("sponsorProtocolCode"))
    return other_names(filter(None, named), number)


def _status(record: Part) -> str:
    """Give the status of the trial at its end, else that of the record in its member state."""
    key, other = "p_end_of_trial_status", "x5_trial_status"
    ended, state = record.text(key), record.text(other)
    return note_word(record.notes, key if ended else other, ended or state, "Status", _STATUS)


def _yes(record: Part, table: dict[str, str]) -> tuple[str, ...]:
    answers = {key: record.flag(key) for key in table}
    return once(word for key, word in table.items() if answers[key])


def _only(record: Part, table: dict[str, str]) -> str:
    """Give the word of the one question that is answered with yes, "" where several are."""
    found = _yes(record, table)
    if len(found) > 1:
        record.notes.add(min(table), f"found yes to several ({', '.join(found)}), expected one")
    return found[0] if len(found) == 1 else ""


def _products(record: Part) -> list[Intervention]:
    found = []
    for product in record.parts("dimp"):
        substances = [
            one_line(each.text(key))
            for each in product.parts("d38_imp_identification_details")
            for key in ("d38_inn__proposed_inn", "d393_other_descriptive_name", "d392_current_sponsor_code")
        ]
        keys = ("d31_product_name", "d2111_trade_name", "d32_product_code")
        names = once([*(one_line(product.text(key)) for key in keys), *substances])
        told = {label: one_line(product.text(key)) for label, key in _PRODUCT.items()}
        types = _yes(product, _TYPES)
        if names:
            lines = "\n".join(f"{label}: {words}" for label, words in told.items() if words)
            found.append(Intervention(names[0], types[0] if types else "", lines, names[1:]))
    return list(dict.fromkeys(found))


def _merged(products: list[Intervention], treatments: tuple[Intervention, ...]) -> tuple[Intervention, ...]:
    """Join what the application and the results say of a product of the same name."""
    found: dict[str, Intervention] = {}
    for each in (*products, *treatments):
        known = found.get(each.name.casefold(), Intervention(each.name))
        found[each.name.casefold()] = Intervention(
            known.name,
            known.type or each.type,
            "\n".join(once([*known.description.splitlines(), *each.description.splitlines()])),
            once([*known.other_names, *each.other_names]),
            once([*known.arm_labels, *each.arm_labels]),
        )
    return tuple(found.values())


def _outcomes(record: Part) -> Iterator[TrialOutcome]:
    """Give the end points as the form has them: one text for all of a rank, and one for their times."""
    for rank, measure, times in (
        ("PRIMARY", "e51_primary_end_points", "e511_timepoints_of_evaluation_of_this_end_point"),
        ("SECONDARY", "e52_secondary_end_points", "e521_timepoints_of_evaluation_of_this_end_point"),
    ):
        text, time = plain_text(record.text(measure)), _text(record, times)
        if text:
            yield TrialOutcome(rank, text, time_frame=time)


def _eligibility(record: Part) -> Eligibility:
    female, male = record.flag("f21_female"), record.flag("f22_male")
    criteria = [
        plain_text(record.text(f"e{key}_criteria")) for key in ("3_principal_inclusion", "4_principal_exclusion")
    ]
    return Eligibility(
        sex="ALL" if female and male else "FEMALE" if female else "MALE" if male else "",
        healthy_volunteers=record.flag("f31_healthy_volunteers"),
        criteria="\n".join(filter(None, criteria)),
    )
