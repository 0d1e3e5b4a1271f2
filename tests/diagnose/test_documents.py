"""Files that people have letters in: other encodings, PDF, Word, RTF and HTML; and those that cannot be read."""

import io
import zipfile
from collections.abc import Callable

import pypdf
import pytest

from raredxr1.diagnose.limits import read_text
from raredxr1.errors import InputError

LETTER = "Mädchen aged 4, “floppy” since birth – head 45 cm (±1), temperature 37 °C.\nSeizures, no ataxia.\n"


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", []),
        ("utf-8-sig", []),
        ("utf-16", ["It is no UTF-8; it was read as UTF-16."]),
        ("utf-16-le", ["It is no UTF-8; it was read as UTF-16."]),
        ("utf-16-be", ["It is no UTF-8; it was read as UTF-16."]),
        ("cp1252", ["It is no UTF-8; it was read as Windows-1252."]),
        ("mac_roman", ["It is no UTF-8; it was read as Mac Roman."]),
    ],
)
def test_encodings(encoding: str, said: list[str]) -> None:
    assert read_text(LETTER.encode(encoding), "n.txt") == (LETTER, said)


def test_one_letter_beyond_ascii_is_enough() -> None:
    assert read_text("Zöe has seizures".encode("latin-1"), "n")[0] == "Zöe has seizures"


def test_another_alphabet_is_guessed() -> None:
    text = "У девочки четырёх лет судороги и атаксия с рождения, родители здоровы. " * 4
    assert read_text(text.encode("cp1251"), "n")[0] == text


# --- Word ------------------------------------------------------------------------------------------------------------

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str, more: dict[str, bytes] | None = None) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, content in (more or {}).items():
            file.writestr(name, content)
    return packed.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in cells)}</w:tr>"


def test_paragraphs_lists_and_tables_of_a_word_document() -> None:
    listed = "<w:pPr><w:numPr/></w:pPr>"
    deleted = "<w:p><w:del><w:r><w:delText>No </w:delText></w:r></w:del><w:r><w:t>cataract</w:t></w:r></w:p>"
    body = paragraph("Findings") + paragraph("ataxia", listed) + deleted
    body += f"<w:tbl>{row('Seizures', 'yes')}{row('Hearing loss', 'no')}</w:tbl>"
    text, notices = read_text(docx(body), "n.docx")
    assert text == "Findings\n- ataxia\ncataract\nSeizures\tyes\nHearing loss\tno"
    assert notices == ["Its text was taken out of a Word document."]


def test_macros_are_left_alone_and_named() -> None:
    data = docx(paragraph("Seizures since birth"), {"word/vbaProject.bin": b"\xd0\xcf"})
    assert "macros were left alone" in read_text(data, "n.docm")[1][1]


def other_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("xl/workbook.xml", "<x/>")
    return packed.getvalue()


def bomb() -> bytes:
    return docx("<w:p>" + " " * 25_000_000 + "</w:p>")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (other_zip, "a spreadsheet"),
        (bomb, "unpacks to over 20 MB"),
        (lambda: docx("<w:p>"), "a damaged Word document"),
        (lambda: docx(paragraph("Seizures since birth"))[:-40], "a damaged or encrypted zip"),
    ],
)
def test_zips_that_are_no_letters(make: Callable[[], bytes], said: str) -> None:
    with pytest.raises(InputError, match=f"^n.docx: .*{said}"):
        read_text(make(), "n.docx")


# --- PDF, RTF, HTML --------------------------------------------------------------------------------------------------


def pdf(text: str = "", password: str = "") -> bytes:
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(300, 300)
    if text:
        font = pypdf.generic.DictionaryObject({
            pypdf.generic.NameObject("/Type"): pypdf.generic.NameObject("/Font"),
            pypdf.generic.NameObject("/Subtype"): pypdf.generic.NameObject("/Type1"),
            pypdf.generic.NameObject("/BaseFont"): pypdf.generic.NameObject("/Helvetica"),
        })  # fmt: skip
        fonts = pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/F1"): writer._add_object(font)})
        page[pypdf.generic.NameObject("/Resources")] = pypdf.generic.DictionaryObject(
            {pypdf.generic.NameObject("/Font"): fonts}
        )
        shown = " T* ".join(f"({line}) Tj" for line in text.splitlines())
        content = pypdf.generic.DecodedStreamObject()
        content.set_data(f"BT /F1 12 Tf 14 TL 20 280 Td {shown} ET".encode())
        page[pypdf.generic.NameObject("/Contents")] = writer._add_object(content)
    if password:
        writer.encrypt(password)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def test_the_text_of_a_pdf() -> None:
    text, notices = read_text(pdf("Seizures since birth.\nNo ataxia."), "n.pdf")
    assert text.split() == ["Seizures", "since", "birth.", "No", "ataxia."]
    assert notices == ["Its text was taken out of a PDF."]


@pytest.mark.parametrize(
    ("data", "said"), [(pdf(), "without text, such as scanned"), (pdf("Seizures", "pw"), "encrypted")]
)
def test_pdfs_without_readable_text(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=f"^n.pdf: .*{said}"):
        read_text(data, "n.pdf")


def test_the_text_of_rich_text() -> None:
    data = (
        rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator Word;}\f0 Seizures since birth.\par No ataxia, M\'e4dchen.}"
    )
    text, notices = read_text(data, "n.rtf")
    assert text.split("\n")[:2] == ["Seizures since birth.", "No ataxia, Mädchen."]
    assert notices == ["Its text was taken out of a rich text file."]


def test_the_words_of_a_page() -> None:
    page = (
        "<!DOCTYPE html><html><head><style>p{color:red}</style><script>alert(1)</script></head><body><h1>Letter</h1>"
        "<p>Seizures<br>No ataxia</p><table><tr><td>Cataract</td><td><p>no</p></td></tr></table></body></html>"
    )
    text, notices = read_text(page.encode(), "n.html")
    assert text == "Letter\nSeizures\nNo ataxia\nCataract\tno"
    assert notices == ["Its text was taken out of an HTML page."]
