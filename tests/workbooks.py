"""Small workbooks, written part by part, so that a test decides what a spreadsheet program would have saved."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

#: Cell formats by position: general, a date, percent.
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/></cellXfs></styleSheet>'
)


class Inner(str):
    """What stands within a cell, as XML; any other string is a text to be written."""


def text(words: str) -> Inner:
    return Inner(f't="inlineStr"><is><t xml:space="preserve">{escape(words)}</t></is>')


def number(value: str, style: int = 0) -> Inner:
    return Inner(f's="{style}"><v>{value}</v>')


def day(serial: str) -> Inner:
    return number(serial, 1)


def percent(value: str) -> Inner:
    return number(value, 2)


def formula(words: str, value: str | None) -> Inner:
    return Inner(f"><f>{escape(words)}</f>" + (f"<v>{value}</v>" if value is not None else ""))


def error(words: str) -> Inner:
    return Inner(f't="e"><v>{words}</v>')


def truth(value: int) -> Inner:
    return Inner(f't="b"><v>{value}</v>')


def rich(*runs: tuple[str, bool]) -> Inner:
    """Write a text of runs; those that are true are raised."""
    raised = '<rPr><vertAlign val="superscript"/></rPr>'
    parts = "".join(f"<r>{raised if up else ''}<t>{words}</t></r>" for words, up in runs)
    return Inner(f't="inlineStr"><is>{parts}</is>')


def shared_texts(*texts: Inner) -> bytes:
    """Write the part that holds the texts of all sheets, as a spreadsheet program does."""
    inner = "".join(f"<si>{one.partition('<is>')[2].removesuffix('</is>')}</si>" for one in texts)
    return f'<sst xmlns="{MAIN}">{inner}</sst>'.encode()


def shared(position: int) -> Inner:
    return Inner(f't="s"><v>{position}</v>')


def sheet(
    rows: Sequence[Sequence[str]],
    *,
    merged: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
    hidden_columns: Sequence[int] = (),
) -> str:
    """Write a sheet; a cell is a plain text, or what the functions above give."""
    columns = "".join(f'<col min="{at}" max="{at}" hidden="1"/>' for at in hidden_columns)
    lines = []
    for at, row in enumerate(rows, 1):
        cells = []
        for column, cell in enumerate(row):
            if cell:
                inner = cell if isinstance(cell, Inner) else text(cell)
                cells.append(f'<c r="{chr(65 + column)}{at}" {inner}</c>')
        hidden = ' hidden="1"' if at in hidden_rows else ""
        lines.append(f'<row r="{at}"{hidden}>{"".join(cells)}</row>')
    merges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    return (
        f'<worksheet xmlns="{MAIN}">'
        + (f"<cols>{columns}</cols>" if columns else "")
        + f"<sheetData>{''.join(lines)}</sheetData>"
        + (f"<mergeCells>{merges}</mergeCells>" if merges else "")
        + "</worksheet>"
    )


def workbook(
    sheets: Mapping[str, str],
    *,
    hidden: Sequence[str] = (),
    from_1904: bool = False,
    replace: Mapping[str, bytes] | None = None,
) -> bytes:
    """Write a workbook; `replace` puts other bytes in place of a part, or adds one."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}"' + (' state="hidden"' if name in hidden else "") + "/>"
        for at, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{REL}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{OFFICE}.worksheet+xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    system = '<workbookPr date1904="1"/>' if from_1904 else ""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{OFFICE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{OFFICE}.sharedStrings+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{OFFICE}.styles+xml"/>{kinds}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}">{system}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
        f'<Relationship Id="rId901" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="rId900" Type="{REL}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"/>',
        **{f"xl/worksheets/sheet{at}.xml": content for at, content in enumerate(sheets.values(), 1)},
    }
    content = {name: part.encode() for name, part in parts.items()} | dict(replace or {})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in content.items():
            archive.writestr(name, raw)
    return packed.getvalue()
