"""PDF files made with reportlab, and a few written by hand where it has no letters for them."""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, FrameBreak, PageTemplate, Paragraph

from ingest.files import FileRefused
from ingest.found import FoundDocument
from ingest.readers import Options
from ingest.readers.documents import pdf

BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=12, alignment=4, spaceAfter=6)
TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=18, leading=22)
WORDS = [
    *("door", "crowd", "hall", "market", "siren", "badge", "route", "queue", "gate", "usher", "plan", "drill", "lamp"),
    *("fence", "guest", "camera", "radio", "street", "shop", "school", "clinic", "bridge", "harbour", "tower"),
    *("garden", "station", "square", "office"),
]


def sentence(number: int) -> str:
    """A sentence like no other."""
    chosen = [WORDS[(number * step + step) % len(WORDS)] for step in range(3, 14)]
    return f"The {' '.join(chosen)} number{number} was checked."


def read(path: Path) -> FoundDocument:
    [document] = pdf.read(path, options=Options(file=path.name)).documents
    return document


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as refused:
        pdf.read(path, options=Options(file=path.name))
    return str(refused.value)


def texts(document: FoundDocument) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def drawn(path: Path, pages: Sequence[Sequence[tuple[float, float, str]]], *, font: str = "Helvetica") -> Path:
    """Pages of lines, each at its place, in letters of ten points."""
    canvas = Canvas(str(path), pagesize=A4)
    for page in pages:
        canvas.setFont(font, 10)
        for x, y, text in page:
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return path


def column(x: float, top: float, lines: Sequence[str]) -> list[tuple[float, float, str]]:
    return [(x, top - 12 * number, line) for number, line in enumerate(lines)]


def two_columns(path: Path, paragraphs: Sequence[str], *, furniture: Callable[[Canvas, BaseDocTemplate], None]) -> Path:
    """A title over the page, below it two columns that go on over the pages, a header and a footer on each."""
    template = BaseDocTemplate(str(path), pagesize=A4, title="Two columns")
    columns = [Frame(50, 50, 235, 660), Frame(310, 50, 235, 660)]
    first = PageTemplate("first", [Frame(50, 720, 495, 70), *columns], onPage=furniture, autoNextPageTemplate="rest")
    rest = PageTemplate("rest", [Frame(50, 50, 235, 720), Frame(310, 50, 235, 720)], onPage=furniture)
    template.addPageTemplates([first, rest])
    title = [Paragraph("How a title goes over both of the columns", TITLE), FrameBreak()]
    template.build([*title, *(Paragraph(text, BODY) for text in paragraphs)])
    return path


def header_and_footer(canvas: Canvas, template: BaseDocTemplate) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawString(60, 815, "Prevention network, working paper")
    canvas.drawCentredString(297, 20, f"Page {canvas.getPageNumber()} of 12")


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    sentences = [sentence(number) for number in range(240)]
    paragraphs = [" ".join(sentences[start : start + 6]) for start in range(0, len(sentences), 6)]

    found = read(two_columns(tmp_path / "a.pdf", paragraphs, furniture=header_and_footer))

    assert texts(found)[0] == "How a title goes over both of the columns"
    assert " ".join(texts(found)[1:]) == " ".join(sentences)


def test_headers_footers_and_page_numbers_are_dropped(tmp_path: Path) -> None:
    paragraphs = [" ".join(sentence(number) for number in range(start, start + 6)) for start in range(0, 240, 6)]

    found = read(two_columns(tmp_path / "a.pdf", paragraphs, furniture=header_and_footer))

    assert "working paper" not in " ".join(texts(found))
    assert "Page" not in " ".join(texts(found))


def test_a_line_at_the_top_that_only_one_page_has_is_kept(tmp_path: Path) -> None:
    pages = [[(60, 800, f"Unlike the others: {WORDS[number]}"), (60, 500, sentence(number))] for number in range(4)]

    found = read(drawn(tmp_path / "a.pdf", pages))

    assert [text for text in texts(found) if text.startswith("Unlike")] == [
        f"Unlike the others: {WORDS[number]}" for number in range(4)
    ]


def test_a_paragraph_knows_the_page_where_it_begins(tmp_path: Path) -> None:
    pages = [[(60, 500, sentence(1))], [(60, 500, sentence(2))], [(60, 500, sentence(3))]]

    found = read(drawn(tmp_path / "a.pdf", pages))

    assert [(paragraph.place, paragraph.text) for paragraph in found.paragraphs] == [
        (f"page {number}", sentence(number)) for number in (1, 2, 3)
    ]


def test_lines_become_paragraphs(tmp_path: Path) -> None:
    lines = [
        "The stewards welcome everybody who comes to the door and notice",
        "what is out of place.",
        "They know whom to call, and practise twice a year with the whole",
        "team.",
        "1. Greet everybody",
        "2. Look at hands",
    ]

    found = read(drawn(tmp_path / "a.pdf", [column(60, 700, lines)]))

    assert texts(found) == [
        "The stewards welcome everybody who comes to the door and notice what is out of place.",
        "They know whom to call, and practise twice a year with the whole team.",
        "1. Greet everybody",
        "2. Look at hands",
    ]


def test_a_paragraph_goes_on_over_the_page(tmp_path: Path) -> None:
    pages = [[(60, 150, "The stewards welcome everybody who comes to")], [(60, 700, "the door, and notice.")]]

    found = read(drawn(tmp_path / "a.pdf", pages))

    assert texts(found) == ["The stewards welcome everybody who comes to the door, and notice."]
    assert found.paragraphs[0].place == "page 1"


@pytest.mark.parametrize(
    "lines, text",
    [
        (["They trained the volun-", "teers at the door."], "They trained the volunteers at the door."),
        (["A law of the Franco-", "Tunisian council."], "A law of the Franco-Tunisian council."),
        (["It is up-to-", "date now."], "It is up-to-date now."),
        (["The well-known plan, a well-", "known one."], "The well-known plan, a well-known one."),
        (["A self test, an assessment, a self-", "assessment."], "A self test, an assessment, a self-assessment."),
        (["La forma-", "tion des bénévoles."], "La formation des bénévoles."),
        (["From 2011 -", "until now."], "From 2011 - until now."),
    ],
)
def test_hyphens_at_the_end_of_lines_are_seen_to(tmp_path: Path, lines: list[str], text: str) -> None:
    found = read(drawn(tmp_path / "a.pdf", [column(60, 700, lines)]))

    assert texts(found) == [text]


def test_the_years_beside_a_curriculum_vitae_stay_with_their_lines(tmp_path: Path) -> None:
    left = [(60, 700.0, "2011-2014"), (60, 640.0, "2015-2020"), (60, 580.0, "2021-today")]
    right = [
        *column(200, 700, ["Trainer of stewards at places of worship, in charge of", "twelve towns and their teams."]),
        *column(200, 640, ["Adviser of the ministry on the design of entrances and", "of large squares."]),
        *column(200, 580, ["Head of the programme for the protection of markets,", "with forty partners."]),
    ]

    found = read(drawn(tmp_path / "cv.pdf", [[*left, *right]]))

    assert texts(found) == [
        "2011-2014 Trainer of stewards at places of worship, in charge of twelve towns and their teams.",
        "2015-2020 Adviser of the ministry on the design of entrances and of large squares.",
        "2021-today Head of the programme for the protection of markets, with forty partners.",
    ]


def test_a_stamp_across_the_page_is_no_text(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.drawString(60, 700, sentence(1))
    canvas.rotate(45)
    canvas.drawString(300, 100, "DRAFT")
    canvas.save()

    assert texts(read(tmp_path / "a.pdf")) == [sentence(1)]


def test_chinese_lines_are_joined_without_spaces(tmp_path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    lines = ["门口的每一位志愿者都学会了观察什么，以及有疑问时给谁打电", "话。他们每年练习两次。"]

    found = read(drawn(tmp_path / "a.pdf", [column(60, 700, lines)], font="STSong-Light"))

    assert texts(found) == ["门口的每一位志愿者都学会了观察什么，以及有疑问时给谁打电话。他们每年练习两次。"]


def by_hand(path: Path, lines: Sequence[tuple[float, float, str]], *, letters: str | None = None) -> Path:
    """A PDF whose one font names its letters by their numbers in Unicode, as a program for Arabic does."""
    codes = {
        letter: number for number, letter in enumerate(sorted({*(letters or ""), *"".join(t for *_, t in lines)}), 1)
    }
    names = " ".join(f"/uni{ord(letter):04X}" for letter in codes)
    shown = " ".join(
        f"BT /F1 10 Tf {x} {y} Td <{''.join(f'{codes[letter]:02x}' for letter in text)}> Tj ET" for x, y, text in lines
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream",
        f"<< /Type /Font /Subtype /Type1 /BaseFont /Naskh /FirstChar 1 /LastChar {len(codes)} "
        f"/Widths [{'500 ' * len(codes)}] /Encoding << /Type /Encoding /Differences [1 {names}] >> "
        "/FontDescriptor << /Type /FontDescriptor /FontName /Naskh /Flags 4 /Ascent 800 /Descent -200 >> >>",
    ]
    out = BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{content}\nendobj\n".encode())
    start = out.tell()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode())
    out.write(f"trailer << /Root 1 0 R /Size {len(objects) + 1} >>\nstartxref\n{start}\n%%EOF".encode())
    path.write_bytes(out.getvalue())
    return path


@pytest.mark.parametrize(
    "seen, text",
    [
        ("بابلا دنع عوطتم لك", "كل متطوع عند الباب"),
        ("2014 ىلإ 2011 نم سنوت يف", "في تونس من 2011 إلى 2014"),
        ("(OSCE) ةمظنملا عم لمع", "عمل مع المنظمة (OSCE)"),
        ("ﻝﺎﻤﻋأ", "أعمال"),
        ("He said ابحرم to all", "He said مرحبا to all"),
    ],
)
def test_arabic_is_read_in_the_order_of_its_letters(tmp_path: Path, seen: str, text: str) -> None:
    found = read(by_hand(tmp_path / "a.pdf", [(60, 700, seen)]))

    assert texts(found) == [text]


def test_arabic_columns_are_read_from_the_right(tmp_path: Path) -> None:
    right = [(330.0, 700 - 12 * number, "نيميلا نم لوألا دومعلا") for number in range(3)]
    left = [(60.0, 700 - 12 * number, "راسيلا نم يناثلا دومعلا") for number in range(3)]

    found = read(by_hand(tmp_path / "a.pdf", [*left, *right]))

    assert " ".join(texts(found)) == " ".join(["العمود الأول من اليمين"] * 3 + ["العمود الثاني من اليسار"] * 3)


def test_ligatures_become_letters(tmp_path: Path) -> None:
    found = read(by_hand(tmp_path / "a.pdf", [(60, 700, "The oﬃce ﬁnds a ﬂag, x² too")]))

    assert texts(found) == ["The office finds a flag, x² too"]


def picture(path: Path, *, pages: int, text_on: int | None = None) -> Path:
    """Pages that a picture covers, one of them with text on it."""
    image = ImageReader(Image.new("L", (100, 140), 200))
    canvas = Canvas(str(path), pagesize=A4)
    for number in range(1, pages + 1):
        canvas.drawImage(image, 0, 0, *A4)
        if number == text_on:
            canvas.drawString(60, 700, sentence(number))
        canvas.showPage()
    canvas.save()
    return path


def test_a_pdf_of_pictures_is_told_from_an_empty_one(tmp_path: Path) -> None:
    assert refusal(picture(tmp_path / "a.pdf", pages=2)) == (
        "it has only pictures of text, no text; run text recognition (OCR) on it first"
    )


def test_a_pdf_of_one_smaller_picture_is_a_picture_too(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.drawImage(ImageReader(Image.new("L", (100, 140), 200)), 60, 500, width=250, height=250)
    canvas.showPage()
    canvas.save()

    assert refusal(tmp_path / "a.pdf").startswith("it has only pictures of text, no text")


def test_an_empty_pdf_has_no_text(tmp_path: Path) -> None:
    assert refusal(drawn(tmp_path / "a.pdf", [[], []])) == "it has no text; check that it is the right file"


def test_scanned_pages_among_others_are_noted(tmp_path: Path) -> None:
    reading = pdf.read(picture(tmp_path / "a.pdf", pages=3, text_on=2), options=Options(file="a.pdf"))

    assert texts(reading.documents[0]) == [sentence(2)]
    assert reading.notes == [
        "2 pages are only pictures of text; run text recognition (OCR) on it to have that read too"
    ]


def encrypted(path: Path, *, password: str) -> Path:
    canvas = Canvas(str(path), encrypt=StandardEncryption(password, ownerPassword="owner", strength=128))
    canvas.drawString(60, 700, sentence(1))
    canvas.save()
    return path


def test_a_pdf_under_a_password_is_refused(tmp_path: Path) -> None:
    path = encrypted(tmp_path / "a.pdf", password="secret")

    assert refusal(path) == "it is protected by a password; save it without the password"


def test_a_pdf_that_everybody_may_open_is_read(tmp_path: Path) -> None:
    assert texts(read(encrypted(tmp_path / "a.pdf", password=""))) == [sentence(1)]


@pytest.mark.parametrize("content", [b"", b"not a PDF", b"%PDF-1.4\n1 0 obj\n<<", b"%PDF-1.7\n%%EOF"])
def test_a_broken_pdf_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(content)

    assert refusal(tmp_path / "a.pdf") == "it is no PDF that can be read; open it and save it as PDF again"


def test_a_pdf_of_too_many_pages_is_refused(tmp_path: Path) -> None:
    path = drawn(tmp_path / "a.pdf", [[(60, 500, "x")]] * 501)

    assert refusal(path) == "it has more than 500 pages; split it into several documents"


def test_title_date_and_owner_come_from_what_the_file_says_of_itself(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), lang="en-GB")
    canvas.setTitle("Opening the doors")
    canvas.setAuthor("somebody")
    for number in range(4):
        canvas.drawString(60, 700 - 12 * number, sentence(number))
    canvas.save()

    cells = read(tmp_path / "a.pdf").cells

    assert cells.keys() == {"title", "date", "language"}
    assert cells["title"] == "Opening the doors"
    assert cells["language"] == "en"


@pytest.mark.parametrize("title", ["untitled", "Microsoft Word - cv_final.doc", "cv.docx", ""])
def test_a_title_that_a_program_made_up_is_none(tmp_path: Path, title: str) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.setTitle(title)
    canvas.drawString(60, 700, sentence(1))
    canvas.save()

    assert "title" not in read(tmp_path / "a.pdf").cells


def test_a_language_that_the_words_are_not_in_is_not_believed(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), lang="en-US")
    lines = ["Elle a formé plus de trois cents bénévoles à l'accueil des fidèles,", "avec les communes et la police."]
    for x, y, line in column(60, 700, lines):
        canvas.drawString(x, y, line)
    canvas.save()

    assert "language" not in read(tmp_path / "a.pdf").cells
