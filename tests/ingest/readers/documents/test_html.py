from pathlib import Path

import pytest

from ingest.files import FileRefused
from ingest.found import FoundDocument
from ingest.readers import Options
from ingest.readers.documents import html

PAGE = """<!doctype html>
<html lang="fr-FR"><head><title>Former les bénévoles</title><meta charset="utf-8">
<meta property="article:published_time" content="2022-06-02T10:00:00+02:00"><meta name="owner" content="salma"></head>
<body><nav><ul><li><a href="/">Accueil</a></li><li><a href="/c">Contact</a></li></ul></nav>
<main><article><h1>Former les bénévoles</h1>
<p>Salma a formé plus de trois cents bénévoles à l'accueil des fidèles dans douze villes, avec les communes.</p>
<h2>À Tunis</h2>
<p>Trois gestes suffisent à la porte : saluer, <b>regarder</b>, prévenir. Les équipes les répètent tout l'an.</p>
<ul><li>saluer chaque visiteur</li><li>regarder les mains</li></ul>
<table><tr><th>Année</th><th>Ville</th></tr><tr><td>2011</td><td>Tunis</td></tr></table>
<h2>À Sfax</h2><p>Les mêmes gestes, et un plan d'évacuation que tout le monde connaît et que chacun peut lire.</p>
</article></main><script>alert("no text")</script>
<footer>Copyright, mentions légales, tous droits réservés</footer></body></html>
"""


def read(path: Path) -> FoundDocument:
    [document] = html.read(path, options=Options(file=path.name)).documents
    return document


def page(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def placed(document: FoundDocument) -> list[tuple[str, str]]:
    return [(paragraph.text, paragraph.place) for paragraph in document.paragraphs]


def test_the_main_text_stands_under_its_headings(tmp_path: Path) -> None:
    assert placed(read(page(tmp_path / "a.html", PAGE))) == [
        ("Former les bénévoles", ""),
        (
            "Salma a formé plus de trois cents bénévoles à l'accueil des fidèles dans douze villes, avec les communes.",
            "",
        ),
        ("À Tunis", "À Tunis"),
        (
            "Trois gestes suffisent à la porte : saluer, regarder, prévenir. Les équipes les répètent tout l'an.",
            "À Tunis",
        ),
        ("saluer chaque visiteur", "À Tunis"),
        ("regarder les mains", "À Tunis"),
        ("Année; Ville", "À Tunis"),
        ("2011; Tunis", "À Tunis"),
        ("À Sfax", "À Sfax"),
        (
            "Les mêmes gestes, et un plan d'évacuation que tout le monde connaît et que chacun peut lire.",
            "À Sfax",
        ),
    ]


def test_what_the_page_says_of_itself_is_told(tmp_path: Path) -> None:
    assert read(page(tmp_path / "a.html", PAGE)).cells == {
        "title": "Former les bénévoles",
        "language": "fr",
        "date": "2022-06-02",
        "owner": "salma",
    }


def test_a_date_that_only_stands_in_the_text_is_none(tmp_path: Path) -> None:
    text = "<p>On 3 May 2021 the stewards of the market practised how to leave the hall calmly and together.</p>"

    assert "date" not in read(page(tmp_path / "a.html", f"<html><body>{text}</body></html>")).cells


def test_an_old_encoding_that_the_page_names_is_read(tmp_path: Path) -> None:
    content = '<html><head><meta charset="iso-8859-1"></head><body><p>Une bénévole formée à la porte.</p></body></html>'

    assert placed(read(page(tmp_path / "a.html", content.encode("latin-1")))) == [
        ("Une bénévole formée à la porte.", "")
    ]


def test_a_short_page_is_read_too(tmp_path: Path) -> None:
    content = "<html><body><div>Short text on stewards.<br>More of it.</div></body></html>"

    assert placed(read(page(tmp_path / "a.html", content))) == [("Short text on stewards. More of it.", "")]


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"<html><body><script>x</script></body></html>"])
def test_a_page_without_text_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileRefused, match=r"it has no text|it is no web page that can be read"):
        html.read(page(tmp_path / "a.html", content), options=Options(file="a.html"))


def test_a_page_of_too_many_tags_in_one_another_is_refused(tmp_path: Path) -> None:
    content = "<div>" * 20_000 + "Deep text on stewards at the door." + "</div>" * 20_000

    with pytest.raises(FileRefused, match="it is no web page that can be read"):
        read(page(tmp_path / "a.html", content))
