"""What may be pooled, what is refused and why, and whether the literature comes out again."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from kg.catalogue import find_query, select
from kg.errors import InputError
from kg.exporters.meta_analysis import write_rows
from kg.graph import Graph
from kg.lookup import resolve
from kg.store import LocalStore
from kg.synthesis.analysis import Analysis, analyse
from kg.synthesis.binary import Count, fisher_exact
from kg.synthesis.effects import Arm, Estimate, cohen_d
from kg.synthesis.pooling import pool
from kg.synthesis.refusals import reasons_against
from kg.synthesis.rows import ArmRow, Choice, Contrast, read_contrasts
from kg.synthesis.words import in_words
from kg.views.forest import draw_forest
from kg.views.synthesis import draw_analysis, forest_of

ROOT = Path(__file__).resolve().parents[1]
MOTOR, SERIOUS = "https://w3id.org/ctmo/0000704", "https://w3id.org/ctmo/0001101"
GMFM, GMFM_66 = "https://w3id.org/ctmo/0000802", "https://w3id.org/ctmo/0000804"


def motor(store: LocalStore, month: str | None = "6", scale: str | None = None, **given: str) -> Analysis:
    choice = Choice(Decimal(month) if month else None, scale)
    options = {"measure": "MD", "method": "reml-hk", **given}
    return analyse(store, MOTOR, choice, label="gross motor function", **options)


@pytest.fixture(scope="session")
def serious(real_store: LocalStore) -> Analysis:
    return analyse(real_store, SERIOUS, Choice(), measure="RR", method="mh", label="serious adverse event")


def test_eggenberger_2019_comes_out_within_the_studies(serious: Analysis) -> None:
    assert [line.contrast.label for line in serious.lines] == [
        *("Chen 2013", "Huang 2018", "Kang 2015", "Liu 2017", "Luan 2012", "Min 2013")
    ]
    assert serious.pooled is not None
    ratio = [round(serious.shown(v), 2) for v in (serious.pooled.estimate, serious.pooled.low, serious.pooled.high)]
    assert ratio == [1.23, 0.35, 4.32]


def test_the_crude_totals_of_eggenberger_2019_come_out_and_point_the_other_way(
    real_store: LocalStore, serious: Analysis
) -> None:
    of_table = ("Chen 2013", "Huang 2018", "Kang 2015", "Liu 2017", "Luan 2012", "Min 2013", "Rah 2017", "Sun 2017")
    rows = select(real_store, find_query("synthesis/counts"), wanted=resolve(real_store, "serious adverse event"))
    cells, control = [0, 0], [0, 0]
    for row in rows:
        if row["study_label"].value in of_table:
            role = row["arm_role"].value if row["arm_role"] is not None else "treated"
            group = control if role == "control" else cells
            group[0] += int(row["events"].value)
            group[1] += int(row["n"].value)
    assert (cells, control) == ([4, 344], [6, 228])
    assert cells[0] / cells[1] < control[0] / control[1]
    assert "which points the other way" in draw_analysis(serious)


def test_the_motor_estimate_of_eggenberger_2019_needs_one_derived_value(real_store: LocalStore) -> None:
    found: dict[str, Estimate] = {}
    for month, labels in (("6", ("Huang 2018", "Min 2013")), ("12", ("Sun 2017",))):
        contrasts, _ = read_contrasts(real_store, MOTOR, Choice(Decimal(month)))
        for contrast in contrasts:
            if contrast.label in labels:
                arms = []
                for row in (contrast.treated, contrast.control):
                    assert row.mean is not None
                    assert row.spread is not None
                    assert row.spread[1] is not None
                    assert row.n is not None
                    arms.append(Arm(float(row.mean), float(row.spread[1]), row.n))
                found[contrast.label] = cohen_d(arms[0], arms[1], variance="metan")
    assert len(found) == 3
    kang = cohen_d(Arm(7.08, 7.36, 17), Arm(3.85, 3.75, 17), variance="metan")  # n of 17 is derived: the total of 282
    liu = Estimate(1.70, 68 / (33 * 35) + 1.70**2 / (2 * 66), "Cohen d")  # derived: no SD was seen
    pooled = pool([*found.values(), kang, liu], method="DL")
    assert pooled.estimate == pytest.approx(0.95, abs=0.01)
    assert (pooled.low, pooled.high) == pytest.approx((0.13, 1.76), abs=0.01)
    assert pooled.i2 == pytest.approx(90.1, abs=0.1)


@pytest.mark.parametrize(
    ("event", "p"),
    [("upper respiratory", 0.333), ("diarrhea", 0.514), ("fever", 0.301), ("vomiting", 0.451), ("constipation", 0.605)],
)
def test_the_fisher_p_values_of_gu_2020_come_out(real_store: LocalStore, event: str, p: float) -> None:
    counts: dict[str, Count] = {}
    for row in select(real_store, find_query("synthesis/counts"), wanted=resolve(real_store, "OAE:0000001")):
        if row["study_label"].value == "Gu 2020" and event in row["outcome_label"].value.casefold():
            counts[row["arm_role"].value] = Count(int(row["events"].value), int(row["n"].value))
    assert fisher_exact(counts["treated"], counts["control"]) == pytest.approx(p, abs=0.0006)


def test_the_percentages_of_novak_2016_come_out(real_store: LocalStore) -> None:
    ask = """SELECT ?role ?events ?n WHERE {
        ?count ctmo:arm ?arm ; ctmo:events ?events ; ctmo:n ?n ; ctmo:serious true . ?arm ctmo:armRole ?role
        FILTER(STRSTARTS(STR(?arm), "https://w3id.org/ctmo/study/novak2016")) }"""
    found = {str(row["role"]): (row["events"], row["n"]) for row in Graph(real_store).ask(ask)}
    assert found == {"treated": (4, 135), "control": (3, 139)}
    assert [round(100 * events / n) for events, n in ((4, 135), (3, 139))] == [3, 2]


def test_every_study_with_the_outcome_is_pooled_or_left_out_with_a_reason(real_store: LocalStore) -> None:
    rows = select(real_store, find_query("synthesis/results"), wanted=resolve(real_store, MOTOR))
    studies = {row["study_label"].value for row in rows}
    for month in (None, "3", "6", "12"):
        analysis = motor(real_store, month)
        pooled = {line.contrast.label for line in analysis.lines}
        left = {one.study_label for one in analysis.left_out}
        assert pooled | left == studies
        assert not pooled & left
        assert all(one.reason for one in analysis.left_out)


def test_scales_without_a_common_metric_are_refused_and_a_reason_forces(real_store: LocalStore) -> None:
    refused = motor(real_store)
    assert refused.pooled is None
    assert any("different scales without a common metric" in reason for reason in refused.reasons)
    assert "not pooled:" in draw_analysis(refused)
    assert in_words(refused).startswith("There is no pooled estimate")
    forced = motor(real_store, forced="to show what it would give")
    assert forced.pooled is not None
    assert "pooled all the same, because: to show what it would give" in draw_analysis(forced)
    assert draw_forest(forest_of(forced)) == draw_forest(forest_of(forced))
    assert "Not pooled" in draw_forest(forest_of(refused))


def test_an_open_scale_and_a_single_study_are_refused(real_store: LocalStore) -> None:
    (reason,) = motor(real_store, scale=GMFM).reasons
    assert "the version and unit of GMFM are not reported" in reason
    (reason,) = motor(real_store, "12", GMFM_66).reasons
    assert reason == "fewer than two studies can be pooled: Sun 2017"


LEFT_OUT = {
    "Kang 2015": "the n of arm 'umbilical cord blood' is not reported",
    "Liu 2017": "several treated arms share one control",
    "Luan 2012": "no control arm with this result",
    "Sun 2021": "several scales: GMFM-66, PDMS-2 Gross Motor Quotient",
    "Gu 2020": None,
}


@pytest.mark.parametrize(("study", "reason"), LEFT_OUT.items())
def test_what_is_left_out_says_why(real_store: LocalStore, study: str, reason: str | None) -> None:
    found = [one.reason for one in motor(real_store).left_out if one.study_label == study]
    assert len(found) == (1 if reason else 0)
    if reason:
        assert reason in found[0]


def row(study: str, role: str, **given: object) -> ArmRow:
    plain: dict[str, object] = {"instrument_label": "GMFM-66", "measure": "change from baseline", "month": Decimal(6)}
    names = {"study": study, "study_label": study, "arm": f"{study}#{role}", "arm_label": role, "role": role}
    rest = {"outcome_label": "motor", "record": f"{study}#r", "status": "read", "source_label": "table"}
    return ArmRow(**{**names, **rest, **plain, **given})  # type: ignore[arg-type]


def contrast(study: str, **given: object) -> Contrast:
    return Contrast(row(study, "treated", **given), row(study, "control", **given))


def test_studies_that_share_participants_are_refused_unless_it_is_only_possible() -> None:
    pair = [contrast("a"), contrast("b")]
    (reason,) = reasons_against(pair, [("a", "b", "control arm", "probable"), ("b", "a", "control arm", "probable")])
    assert reason == "a and b may share participants (control arm; probable): pooling counts them twice"
    assert reasons_against(pair, [("a", "b", "participants", "possible in the records")]) == []
    assert reasons_against(pair, [("a", "c", "control arm", "stated")]) == []


def test_changes_and_scores_and_different_months_are_refused() -> None:
    mixed = [contrast("a"), contrast("b", measure="score", month=Decimal(12))]
    reasons = reasons_against(mixed, [])
    assert any("changes and scores" in reason for reason in reasons)
    assert any("different time points: months 6, 12" in reason for reason in reasons)


def test_a_measure_or_method_that_is_not_is_refused(real_store: LocalStore) -> None:
    with pytest.raises(InputError, match="no measure 'XX'; expected one of: MD, SMD, D, RR, OR, RD, PETO"):
        motor(real_store, measure="XX")
    with pytest.raises(InputError, match="no method 'mh' for MD"):
        motor(real_store, method="mh")


def test_the_rows_for_other_programs_hold_the_same_numbers(serious: Analysis, real_store: LocalStore) -> None:
    table = list(csv.DictReader(io.StringIO(write_rows(serious, "metafor"))))
    assert [(r["study"], r["ai"], r["n1i"], r["ci"], r["n2i"]) for r in table][-1] == ("Min 2013", "3", "36", "6", "70")
    assert [r["yi"] for r in table].count("NA") == 4
    long = list(csv.DictReader(io.StringIO(write_rows(serious, "metainsight"))))
    assert (list(long[0]), len(long)) == (["Study", "T", "R", "N"], 12)
    means = list(csv.DictReader(io.StringIO(write_rows(motor(real_store), "metafor"))))
    gu = next(r for r in means if r["study"] == "Gu 2020")
    assert float(gu["sd1i"]) == pytest.approx(8.947 * 19**0.5, rel=1e-5)
    assert float(gu["yi"]) == pytest.approx(30.10, abs=1e-9)


def test_the_commands_work_as_in_the_readme(tmp_path: Path) -> None:
    program = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); from kg.cli import main; main()"]

    def call(*words: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [*program, *words], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )
        return done.returncode, done.stdout, done.stderr

    code, out, _ = call("pool", "gross motor function", "--at", "6mo", "--product", "mesenchymal stem cell")
    assert code == 0
    assert "not pooled:" in out
    assert "Min 2013: no treated arm of the product that was asked for" in " ".join(out.split())
    assert call("draw", "forest", "serious adverse event", "-o", "f.svg")[0] == 0
    assert (tmp_path / "f.svg").read_text(encoding="utf-8").startswith("<svg ")
    assert call("export", "metafor", "serious adverse event")[1].startswith("study,outcome,scale,month,ai,n1i")
    code, _, err = call("pool", "gross motor function", "--at", "soon")
    assert (code, "--at: found 'soon', expected months such as 6, 6mo or 1y" in err) == (2, True)
