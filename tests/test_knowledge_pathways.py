"""Pathways, interactions, gene sets and marker tables of other people."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError, SourceError
from kg.gate import open_file
from kg.knowledge import cellphonedb, gene_sets, ligand_receptor, msc_markers, reactome, signor, wikipathways
from kg.knowledge import wikipathways_tables as tables
from kg.namespaces import CTMO, PREFIXES
from tests.conftest import SHARED
from tests.knowledge import Result, load, member

PATHWAYS = SHARED / "pathways"
real = pytest.mark.skipif(not PATHWAYS.is_dir(), reason="the pathway files are not on this machine")
LABEL, UNIPROT = PREFIXES["rdfs"] + "label", PREFIXES["UniProtKB"]


def lines_of(path: Path) -> list[str]:
    content = path.read_bytes()
    content = gzip.decompress(content) if path.suffix == ".gz" else content
    return content.decode("utf-8").splitlines()


def said_of(result: Result, subject: str) -> dict[str, set[str]]:
    """Give what is said of a node: local name of the predicate -> values."""
    found: dict[str, set[str]] = {}
    for one, predicate, value in result.triples():
        if one == f"<{subject}>":
            found.setdefault(predicate.removeprefix(CTMO), set()).add(value.strip("<>"))
    return found


# Ligands and receptors

PAIRS = '"","source","target","source_genesymbol","target_genesymbol","resource"\n'


def pairs(*rows: str) -> Result:
    content = PAIRS + "".join(f'"{number}",{row}\n' for number, row in enumerate(rows, 1))
    return load(ligand_receptor.read, member(content.encode(), "pairs.csv"))


def test_a_pair_is_ranked_by_the_resources_that_are_not_made_of_the_others() -> None:
    result = pairs(
        '"P48061","P61073","CXCL12","CXCR4","consensus"',
        '"P48061","P61073","CXCL12","CXCR4","lrdb"',
        '"P48061","P61073","CXCL12","CXCR4","hpmr"',
        '"P48061","P61073","Cxcl12","Cxcr4","mouseconsensus"',
    )
    assert len(result.pieces) == 4
    assert result.values(CTMO + "resourceCount") == ["2"]
    assert result.values(CTMO + "listedIn") == ["consensus", "hpmr", "lrdb", "mouseconsensus"]
    assert set(result.values(CTMO + "ligand")) == {UNIPROT + "P48061"}
    assert set(result.values(CTMO + "geneSymbol")) == {"CXCL12", "CXCR4"}  # no symbols of mouse genes


def test_a_complex_has_its_members() -> None:
    result = pairs('"COMPLEX:P26992_P40189","P17181_P48551","CNTFR_IL6ST","IFNAR1_IFNAR2","lrdb"')
    assert result.values(CTMO + "hasMember") == [UNIPROT + each for each in ("P17181", "P26992", "P40189", "P48551")]


def test_a_pair_without_a_source_or_with_another_identifier_is_refused() -> None:
    result = pairs('"CXCL12","P61073","","","lrdb"', '"P48061","P61073","","",""', '"P48061","P61073"')
    assert [each.line for each in result.refused] == [2, 3, 4]
    assert result.pieces == []


INTERACTIONS = "partner_a,partner_b,protein_name_a,protein_name_b,annotation_strategy,source,directionality,comments\n"


def interactions(*rows: str) -> Result:
    content = INTERACTIONS + "\n".join(rows) + "\n"
    return load(cellphonedb.read, member(content.encode(), "interaction_input.csv"))


def test_which_partner_is_the_ligand_is_said_only_where_the_table_says_so() -> None:
    row = "P48061,P61073,SDF1_HUMAN,CXCR4_HUMAN,curated,PMID:24218476;uniprot,{},a sentence"
    one, other = interactions(row.format("Ligand-Receptor")), interactions(row.format("Adhesion-Adhesion"))
    assert one.values(CTMO + "receptor") == [UNIPROT + "P61073"]
    assert other.values(CTMO + "receptor") == []
    assert one.values(CTMO + "pmid") == ["24218476"]
    assert one.values(PREFIXES["dcterms"] + "source") == ["PMID:24218476", "uniprot"]
    assert [(each.part, each.reason) for each in one.ignored if each.part.startswith("comments")] == [
        ("comments (1 values)", "sentences of other people")
    ]


def test_the_complex_of_one_table_is_the_complex_of_the_other() -> None:
    result = interactions("P48061,receptor_x,,,curated,uniprot,Ligand-Receptor,")
    complexes = "complex_name,uniprot_1,uniprot_2,receptor\nreceptor_x,P26992,P40189,TRUE\n"
    members = load(cellphonedb.read, member(complexes.encode(), "complex_input.csv"))
    node = result.values(CTMO + "receptor")[0]
    assert said_of(members, node)["hasMember"] == {UNIPROT + "P26992", UNIPROT + "P40189"}
    assert said_of(members, node)["listedAs"] == {'"receptor"'}


def test_a_quotation_mark_left_open_makes_a_table_unreadable() -> None:
    with pytest.raises(SourceError, match="left open"):
        interactions('P48061,P61073,,,curated,"uniprot,Ligand-Receptor,', "P48061,P61074,,,curated,uniprot,,")


SIGNOR = (
    "ENTITYA;TYPEA;IDA;DATABASEA;ENTITYB;TYPEB;IDB;DATABASEB;EFFECT;MECHANISM;TAX_ID;PMID;SENTENCE;SCORE;SIGNOR_ID\n"
)


def test_a_causal_relation_keeps_its_words_and_not_the_sentence_of_the_paper() -> None:
    rows = (
        'BDNF;protein;P23560;UNIPROT;NTRK2;protein;Q16620;UNIPROT;up-regulates;;9606;12;"It; was seen.";0.5;S-1\n',
        "X;chemical;CID:5;PUBCHEM;NTRK2;protein;Q16620;UNIPROT;down-regulates;;-1;12;;high;S-2\n",
        "X;chemical;5;NOWHERE;NTRK2;protein;Q16620;UNIPROT;down-regulates;;9606;12;;0.5;S-3\n",
    )
    source = member((SIGNOR + "".join(rows)).encode(), "s.csv")
    result = load(signor.read, source)
    assert signor.accepts(source)
    about = said_of(result, PREFIXES["SIGNOR"] + "S-1")
    assert (about["effectWord"], about["pmid"]) == ({'"up-regulates"'}, {'"12"'})
    assert about["firstPartner"] == {UNIPROT + "P23560"}
    assert "was seen" not in str(result.triples())
    assert [each.record for each in result.refused] == ["row 3"]
    assert [each.part for each in result.ignored] == ["TAX_ID", "SCORE", "SENTENCE (1 values)"]


# Diagrams

GPML = """<Pathway xmlns="http://pathvisio.org/GPML/2013a" Name="Toy" Version="WP1_r2" Organism="Homo sapiens"
    Last-Modified="20260203040506">
  <Comment>Words of somebody.</Comment>
  <DataNode TextLabel="BDNF" GraphId="a" Type="Protein"><Xref Database="Entrez Gene" ID="627" /></DataNode>
  <DataNode TextLabel="TrkB&#10;receptor" GraphId="b" Type="Protein"><Xref Database="Ensembl" ID="ENSG1" /></DataNode>
  <DataNode TextLabel="some stuff" GraphId="c"><Xref Database="" ID="" /></DataNode>
  <DataNode TextLabel="odd" GraphId="e"><Xref Database="Nowhere" ID="7" /></DataNode>
  <DataNode TextLabel="" GraphId="d" />
  <Interaction GraphId="i"><Graphics>
    <Point GraphRef="a" /><Point GraphRef="b" ArrowHead="Arrow" /></Graphics></Interaction>
  <Interaction GraphId="j"><Graphics>
    <Point GraphRef="a" ArrowHead="TBar" /><Point GraphRef="b" /></Graphics></Interaction>
  <Interaction GraphId="k"><Graphics>
    <Point GraphRef="a" /><Point GraphRef="c" ArrowHead="Arrow" /></Graphics></Interaction>
</Pathway>"""
GPML_2021 = """<Pathway xmlns="http://pathvisio.org/GPML/2021" title="Toy" version="WP1_r2" organism="Homo sapiens">
  <DataNodes><DataNode elementId="a" textLabel="BDNF" type="Protein"><Xref identifier="627" dataSource="Entrez Gene" />
  </DataNode><DataNode elementId="b" textLabel="water" type="Metabolite">
  <Xref identifier="CHEBI:15377" dataSource="ChEBI" /></DataNode></DataNodes>
  <Interactions><Interaction elementId="i"><Waypoints>
  <Point elementRef="a" /><Point elementRef="b" arrowHead="Directed" /></Waypoints></Interaction></Interactions>
  <Annotations><Annotation elementId="n" value="x" type="Ontology"><Xref identifier="PW:0000013" dataSource="PW" />
  </Annotation></Annotations>
  <Citations><Citation elementId="l"><Xref identifier="11" dataSource="PubMed" /></Citation></Citations>
</Pathway>"""
GENE = PREFIXES["NCBIGene"] + "627"


def diagram(text: str, name: str = "x.gpml") -> Result:
    return load(wikipathways.read, member(text.encode(), name))


def test_a_diagram_gives_its_participants_by_identifier_or_by_name() -> None:
    about = said_of(diagram(GPML), PREFIXES["WikiPathways"] + "WP1")
    assert about["hasParticipant"] == {GENE, PREFIXES["ENSEMBL"] + "ENSG1"}
    assert about["participantName"] == {'"some stuff"', '"odd"'}
    assert about[PREFIXES["dcterms"] + "modified"] == {'"2026-02-03"^^<http://www.w3.org/2001/XMLSchema#date'}
    assert about["organism"] == {'"Homo sapiens"'}


def test_a_line_between_two_molecules_goes_from_its_tail_to_its_arrow() -> None:
    result = diagram(GPML)
    kinds = {
        (value.strip('"'), said_of(result, subject.strip("<>"))["firstPartner"].pop())
        for subject, predicate, value in result.triples()
        if predicate == CTMO + "interactionKind"
    }
    assert kinds == {("Arrow", GENE), ("TBar", PREFIXES["ENSEMBL"] + "ENSG1")}
    assert any(each.part.startswith("1 lines to a group") for each in result.ignored)


def test_a_node_without_name_and_identifier_is_refused_and_an_unknown_database_told() -> None:
    result = diagram(GPML)
    assert [each.record for each in result.refused] == ["data node 5"]
    assert ("identifier", "Nowhere 7: this database is not known here") in [
        (each.part, each.reason) for each in result.ignored
    ]
    assert "Words of somebody" not in str(result.triples())


def test_the_newer_format_says_the_same() -> None:
    result = diagram(GPML_2021)
    about = said_of(result, PREFIXES["WikiPathways"] + "WP1")
    assert about["hasParticipant"] == {GENE, PREFIXES["CHEBI"] + "15377"}
    assert about["pmid"] == {'"11"'}
    assert result.values(CTMO + "interactionKind") == ["Directed"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<Pathway",
        "<a/>",
        GPML[:-200],
        '<Pathway xmlns="http://genmapp.org/GPML/2008a"/>',
        '<!DOCTYPE P [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + GPML.replace("some stuff", "&a;"),
    ],
)
def test_a_broken_diagram_is_refused(text: str) -> None:
    wikipathways.accepts(member(text.encode(), "x"))
    with pytest.raises(KgError):
        diagram(text)


NODES = "Label\tType\tIdentifier\tComment\tEnsembl\tNCBI gene\tHGNC\tUniProt\n"


def test_a_table_of_data_nodes_gives_the_other_identifiers_beside_the_first() -> None:
    others = "ensembl:ENSG1\tncbigene:627\thgnc.symbol:BDNF\tuniprot:P23560;uniprot:A0A0E3SU01"
    row = f"BDNF\tProtein\tncbigene:627\t\t{others}\n"
    result = load(tables.read, member((NODES + row).encode(), "a/WP7-datanodes.tsv"))
    gene = said_of(result, GENE)
    assert gene["geneSymbol"] == {'"BDNF"'}
    assert gene["alsoIdentifiedAs"] == {UNIPROT + "P23560", UNIPROT + "A0A0E3SU01", PREFIXES["ENSEMBL"] + "ENSG1"}
    assert said_of(result, PREFIXES["WikiPathways"] + "WP7")["hasParticipant"] == {GENE}


def test_a_table_that_does_not_say_of_which_pathway_it_is_is_refused() -> None:
    with pytest.raises(SourceError, match="expected its number in the name of the file"):
        load(tables.read, member(NODES.encode(), "nodes.tsv"))


def test_a_row_with_its_cells_in_the_wrong_columns_is_refused() -> None:
    rows = "a\tb\tProtein\tncbigene:1\t\t\t\t\nx\tProtein\tncbigene:2\t\t\t\t\t\n"
    result = load(tables.read, member((NODES + rows).encode(), "WP7.tsv"))
    assert [each.line for each in result.refused] == [2]
    assert len(result.pieces) == 1


# Lists and sets


def test_a_reactome_pathway_has_its_name_day_and_terms() -> None:
    content = "stable_id\trelease_date\tname\tgo_terms\nR-HSA-1\t2021-9\tToy\tGO:0000001;GO:2\nHSA-1\t\tx\t\n"
    result = load(reactome.read, member(content.encode(), "r.tsv"))
    about = said_of(result, PREFIXES["Reactome"] + "R-HSA-1")
    assert about["annotatedWith"] == {PREFIXES["GO"] + "0000001"}
    assert PREFIXES["dcterms"] + "issued" not in about  # no day is made out of a month
    assert [each.part for each in result.ignored] == ["release_date", "go_terms"]
    assert [each.record for each in result.refused] == ["row 2"]


def test_members_of_reactome_pathways_are_read_where_the_database_is_known() -> None:
    line = "{}\tR-HSA-1\thttps://reactome.org/PathwayBrowser/#/R-HSA-1\tToy\tTAS\tHomo sapiens\n"
    content = "".join(map(line.format, ("P23560", "ENSG00000176697", "627")))
    source = member(content.encode(), "UniProt2Reactome.txt")
    result = load(reactome.read, source)
    assert reactome.accepts(source)
    assert result.values(CTMO + "hasParticipant") == [PREFIXES["ENSEMBL"] + "ENSG00000176697", UNIPROT + "P23560"]
    assert "of which database it is the file does not say" in result.refused[0].reason


def test_a_gene_set_keeps_symbols_as_texts() -> None:
    content = "TOY (GO:0000001)\thttps://x.example/toy\tBDNF\tBdnf,1.0\tBDNF\t\nNONE\t\t\nTOY (GO:0000001)\t\tX\n"
    result = load(gene_sets.read, member(content.encode(), "toy.gmt"))
    assert result.values(CTMO + "memberSymbol") == ["BDNF", "Bdnf"]
    assert result.values(CTMO + "annotatedWith") == [PREFIXES["GO"] + "0000001"]
    assert [each.line for each in result.refused] == [2, 3]
    assert [each.part for each in result.ignored] == ["1 genes", "weights of genes"]


PAPERS = "ref_number,ref_first_author,year,ref_url,source,CD73_qualifier,CD73_value,CD73_status,HLA-DR_value\n"


def test_what_a_paper_reports_of_a_marker_keeps_the_words_of_the_table() -> None:
    row = "2,M\u00fcller,2018,NA,Umbilical cord,minimum,95,release,NA\n,x,,,,,,,\n"
    result = load(msc_markers.read, member((PAPERS + row).encode("latin-1"), "c.csv"))
    assert [each.record for each in result.pieces] == ["2 M\u00fcller 2018"]
    for local, value in (("markerName", "CD73"), ("markerQualifier", "minimum"), ("markerValue", "95")):
        assert result.values(CTMO + local) == [value]
    assert result.values(CTMO + "markerStatus") == ["release"]
    assert len(result.refused) == 1


@pytest.mark.parametrize("module", [cellphonedb, gene_sets, ligand_receptor, msc_markers, reactome, signor, tables])
@given(content=st.binary(max_size=80))
def test_any_bytes_are_refused_or_read(module: object, content: bytes) -> None:
    source = member(content, "WP1.tsv")
    module.accepts(source)  # type: ignore[attr-defined]
    try:
        load(module.read, source)  # type: ignore[attr-defined]
    except KgError:
        return


# Real files


@real
@pytest.mark.parametrize("name", ["interaction", "complex", "gene", "protein", "transcription_factor"])
def test_as_many_rows_come_out_of_a_table_of_cellphonedb_as_are_in_it(name: str) -> None:
    path = PATHWAYS / "cellphonedb_v5" / f"{name}_input.csv"
    result = load(cellphonedb.read, open_file(path))
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert len(result.pieces) + len(result.refused) == len(rows) - 1
    assert len(result.refused) == (16 if name == "transcription_factor" else 0)  # rows that name no source


@real
def test_the_pairs_that_the_documents_speak_of_are_there() -> None:
    result = load(cellphonedb.read, open_file(PATHWAYS / "cellphonedb_v5" / "interaction_input.csv"))
    node = next(
        subject.strip("<>")
        for subject, predicate, value in result.triples()
        if predicate == LABEL and value == '"CXCL12-CXCR4"'
    )
    about = said_of(result, node)
    assert about["ligand"] == {UNIPROT + "P48061"}
    assert about["receptor"] == {UNIPROT + "P61073"}
    assert about["pmid"] == {'"24218476"'}


@real
def test_as_many_pairs_come_out_of_the_table_of_resources_as_are_in_it() -> None:
    path = PATHWAYS / "omnipath_liana" / "omni_resource.csv.gz"
    result = load(ligand_receptor.read, open_file(path))
    rows = list(csv.DictReader(lines_of(path)))
    assert (len(result.pieces), result.refused) == (len(rows), [])
    pairs_of_file = {(row["source"], row["target"]) for row in rows}
    assert len(result.values(CTMO + "resourceCount")) == len(pairs_of_file)


@real
@pytest.mark.parametrize("path", sorted((PATHWAYS / "wikipathways").glob("*.gpml")), ids=lambda path: path.name)
def test_as_many_parts_come_out_of_a_diagram_as_are_in_it(path: Path) -> None:
    result = load(wikipathways.read, open_file(path))
    text = path.read_text(encoding="utf-8")
    lines = sum(int(each.part.split(" ")[0]) for each in result.ignored if " lines " in each.part)
    parts = text.count("<DataNode ") + text.count("<Interaction ") + text.count("<Interaction>")
    assert len(result.pieces) - 1 + len(result.refused) + lines == parts
    assert said_of(result, f"{PREFIXES['WikiPathways']}{path.stem}")[LABEL]


@real
@pytest.mark.parametrize("path", sorted((PATHWAYS / "wikipathways").glob("*s.tsv")), ids=lambda path: path.name)
def test_as_many_rows_come_out_of_a_table_of_wikipathways_as_are_in_it(path: Path) -> None:
    result = load(tables.read, open_file(path))
    assert len(result.pieces) + len(result.refused) == len(lines_of(path)) - 1


@real
def test_as_many_sets_pathways_and_papers_come_out_as_are_in_the_files() -> None:
    for module, name, rows in (
        (gene_sets, "genesets/h.all.v7.0.symbols.gmt", 50),
        (reactome, "reactome/human_pathways_2021.tsv", 2516),
        (msc_markers, "msc_markers_cidmap/checked_processed_aw_corrections.csv", 84),
        (msc_markers, "msc_markers_cidmap/cd_values_single_processed.csv", 2037),
        (msc_markers, "msc_markers_cidmap/cd_values_range_processed.csv", 31),
        (signor, "signor_sample/signor_test_data.csv", 20),
        (signor, "signor_sample/signor_test_complexes.csv", 9),
    ):
        result = load(module.read, open_file(PATHWAYS / name))
        assert len(result.pieces) + len(result.refused) == rows, name
