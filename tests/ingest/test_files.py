import os
import random
from pathlib import Path

import pytest

from ingest.encodings import UTF_8, Encoding, encoding_of
from ingest.files import LONGEST_LINE, FileRefused, ensure_plain, lines_of, separator_of

FRENCH = "id,name,headline\na,Amélie,Formatrice à l’accueil des fidèles\nb,Zoé,Élaboration de procédures d’évacuation\n"
SPANISH = "id,name,headline\na,Íñigo,Formación en prevención; diseño de espacios públicos\n"
POLISH = "id,name,headline\na,Zażółć,Ćwiczenia ewakuacyjne dla służb\nb,Łucja,Projektowanie wejść na świątynię\n"
CZECH = "id,name,headline\na,Dvořák,Školení dobrovolníků pro ochranu kostelů\nb,Žofie,Navrhování vstupů\n"
RUSSIAN = "id,name,headline\na,Амина,Обучение персонала и предотвращение угроз\nb,Сальма,Проектирование\n"
ARABIC = "id,name,headline\na,سلمى,تدريب المتطوعين على حماية دور العبادة\n"
GERMAN = "id,name,headline\na,Jürgen,Prävention an Schulen\nb,Käthe,Großveranstaltungen schützen für Städte\n"


@pytest.mark.parametrize(
    "text, encoding, name",
    [
        (FRENCH, "cp1252", "Windows-1252"),
        (FRENCH, "mac_roman", "Mac Roman"),
        (SPANISH, "cp1252", "Windows-1252"),
        (GERMAN, "cp1252", "Windows-1252"),
        (POLISH, "cp1250", "Windows-1250"),
        (POLISH, "iso8859_2", "ISO 8859-2"),
        (CZECH, "iso8859_2", "ISO 8859-2"),
        (RUSSIAN, "cp1251", "Windows-1251"),
        (RUSSIAN, "koi8_r", "KOI8-R"),
        (ARABIC, "cp1256", "Windows-1256"),
    ],
)
def test_an_older_encoding_that_is_certain_is_read_and_said(
    tmp_path: Path, text: str, encoding: str, name: str
) -> None:
    file = tmp_path / "experts.csv"
    file.write_bytes(text.encode(encoding))

    found = encoding_of(file, folder=tmp_path)

    assert found.note == f"it was read as {name}, not as UTF-8"
    assert "".join(lines_of(file, folder=tmp_path, encoding=found.name)) == text


# Who is in a network over many countries, as each of the older encodings can write them.
WESTERN = "Jürgen Müller;Hélène Lefèvre;João Gonçalves;Íñigo Ñíguez;Øystein Næss;Åsa Ångström;Zoé Diallo;Mary Smith"
OTHERS = (
    "Götz Hübner;Gaëlle Châtelain;Joaquín Ordóñez;Vitória Falcão;Bård Skjærvø;Päivi Kärkkäinen;Ümit Çetin;Kofi Owusu"
)
POLES = "Łukasz Wójcik;Paweł Zieliński;Mieczysław Żurek;Żaneta Ślusarczyk;Jan Kowalski;Grażyna Dąbrowska"
CZECHS = "Jiří Dvořák;Zdeněk Kučera;Květa Sedláčková;Řehoř Křížek;Petr Novák;Kateřina Čermáková;Jürgen Müller"
HUNGARIANS = "György Szűcs;Gergő Kőszegi;Erzsébet Tóth;Ildikó Győrffy;Ernő Fülöp;Anna Nagy;Dezső Lőrincz"
CROATS = "Željko Marić;Đurđica Babić;Dražen Blažević;Nikša Lončar;Ivana Đurić;Ana Horvat"
TURKS = "Ayşe Yılmaz;Işıl Şahin;Çağrı Güneş;Yiğit Karataş;İbrahim Doğan;Aslı Koç"
RUSSIANS = "Иван Иванов;Юлия Журавлёва;Егор Щербаков;Мария Смирнова;Дмитрий Зуев"
ARABS = "سلمى بنرابح;محمد العلي;يوسف القاسمي;مريم الشريف;أحمد حسن"
GREEKS = "Γιώργος Παπαδόπουλος;Ελένη Νικολάου;Σπύρος Αγγελόπουλος;Ιωάννα Βασιλείου"
MAINLAND = "王小明;张秀英;李娜;施思远;刘建国;牛若曦;陈静;唐振兴"
TAIWAN = "陳怡君;林志明;溫素貞;黃淑芬;唐鈺婷;張家豪"


@pytest.mark.parametrize("rows", [3, 5, 60])
@pytest.mark.parametrize(
    "names, encoding",
    [
        *(
            (names, encoding)
            for names in (WESTERN, OTHERS)
            for encoding in ("cp1252", "iso8859_15", "mac_roman", "cp850")
        ),
        (POLES, "cp1250"),
        (POLES, "iso8859_2"),
        (CZECHS, "cp1250"),
        (HUNGARIANS, "cp1250"),
        (CROATS, "cp1250"),
        (TURKS, "cp1254"),
        (RUSSIANS, "cp1251"),
        (RUSSIANS, "koi8_r"),
        (ARABS, "cp1256"),
        (GREEKS, "cp1253"),
        (MAINLAND, "gb18030"),
        (TAIWAN, "big5"),
    ],
)
def test_a_roster_is_read_rightly_or_refused(tmp_path: Path, names: str, encoding: str, rows: int) -> None:
    """Six rosters of people by chance: none is misread, and few are refused."""
    file = tmp_path / "roster.csv"
    chance = random.Random(rows)
    people = [name.split(" ") for name in names.split(";")]
    refused = 0

    for _ in range(6):
        chosen = [[chance.choice(people)[0], chance.choice(people)[-1]] for _ in range(rows)]
        text = "Name;E-Mail\r\n" + "".join(f"{' '.join(name)};p@example.org\r\n" for name in chosen)
        file.write_bytes(text.encode(encoding))
        try:
            found = encoding_of(file, folder=tmp_path)
        except FileRefused:
            refused += 1
        else:
            assert file.read_bytes().decode(found.name) == text

    assert refused <= (2 if rows == 3 else 1 if rows == 5 else 0)


def test_one_name_from_elsewhere_does_not_misspell_the_others(tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    text = "name\nZoé Peña\nJoão Gonçalves\nHélène Diallo\nAnna Lefèvre\nJürgen Müller\n"
    file.write_bytes(text.encode("cp1252"))

    assert encoding_of(file, folder=tmp_path) == Encoding("cp1252", "it was read as Windows-1252, not as UTF-8")


def test_a_name_that_tells_encodings_apart_is_seen_however_late_it_comes(tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    text = "name\n" + "Jürgen Müller\nKäthe Groß\n" * 2000 + "Łukasz Wójcik\nPaweł Zieliński\nGrażyna Dąbrowska\n"
    file.write_bytes(text.encode("cp1250"))

    assert encoding_of(file, folder=tmp_path).name == "cp1250"


def test_a_sign_within_a_name_is_never_taken_for_a_letter(tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_bytes("name\nJosé Mu§oz\nZoé Béranger\nHélène Lefèvre\nFrançois Gérard\n".encode("cp1252"))

    with pytest.raises(FileRefused, match="line 2 is not UTF-8 text"):
        encoding_of(file, folder=tmp_path)


@pytest.mark.parametrize("text", [FRENCH, POLISH, RUSSIAN, ARABIC, "id\n", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf_8_needs_no_word(tmp_path: Path, text: str, encoding: str) -> None:
    file = tmp_path / "experts.csv"
    file.write_bytes(text.encode(encoding))

    assert encoding_of(file, folder=tmp_path) == UTF_8
    assert "".join(lines_of(file, folder=tmp_path)) == text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_mark(tmp_path: Path, encoding: str) -> None:
    # U+0A0A and U+0A00 have the byte of a line end in them.
    text = f"{RUSSIAN}c,\u0a0a\u0a00,\n"
    mark = "" if encoding == "utf-16" else "\ufeff"
    file = tmp_path / "experts.csv"
    file.write_bytes(f"{mark}{text}".encode(encoding))

    assert encoding_of(file, folder=tmp_path) == Encoding("utf-16", "it was read as UTF-16")
    assert list(lines_of(file, folder=tmp_path, encoding="utf-16")) == text.splitlines(keepends=True)


UNTOLD = "line 2 is not UTF-8 text; save the file in UTF-8 (in Excel: 'CSV UTF-8')"


@pytest.mark.parametrize(
    "content, sentence",
    [
        ("id,name\na,José\n".encode("cp1252"), UNTOLD),
        ("id,name\na,Амина\n".encode("cp1251"), UNTOLD),
        (b"id,name\na,\xff\x00\xfe\x01\n", UNTOLD),
        (
            "id,name\na,José\nb,Zoé".encode()[:-1],
            "it ends in the middle of a character; copy it again from where it is whole: a part of it is missing",
        ),
    ],
    ids=["too short for French or Czech", "too short for Russian", "NUL bytes", "half a file"],
)
def test_an_encoding_that_is_not_certain_is_not_guessed(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "experts.csv"
    file.write_bytes(content)

    with pytest.raises(FileRefused) as refused:
        encoding_of(file, folder=tmp_path)

    assert str(refused.value) == sentence


def test_a_half_file_with_no_other_odd_character_is_told_apart_from_an_old_one(tmp_path: Path) -> None:
    file = tmp_path / "experts.csv"
    file.write_bytes("id,name\nb,Zoé".encode()[:-1])

    with pytest.raises(FileRefused, match="is not UTF-8 text"):
        encoding_of(file, folder=tmp_path)


def test_a_line_of_two_gigabytes_costs_no_time_and_no_memory(tmp_path: Path) -> None:
    file = tmp_path / "experts.csv"
    with file.open("wb") as sparse:
        sparse.truncate(2_000_000_000)

    with pytest.raises(FileRefused, match="longer than 1,000,000 bytes"):
        list(lines_of(file, folder=tmp_path))
    with pytest.raises(FileRefused, match="it has 2,000 MB, more than 1000; split it"):
        encoding_of(file, folder=tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_line_that_is_too_long_is_not_read_in_parts(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "experts.csv"
    file.write_bytes(f"id\n{'é' * (LONGEST_LINE + 1)}\nid\n".encode(encoding))

    with pytest.raises(FileRefused, match=r"^line 2 is longer"):
        list(lines_of(file, folder=tmp_path, encoding=encoding))


def test_what_is_not_in_its_encoding_after_all_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "experts.csv"
    file.write_bytes(b"id\na\x81\n")

    with pytest.raises(FileRefused, match=r"^line 2 is not CP1252 text"):
        list(lines_of(file, folder=tmp_path, encoding="cp1252"))


@pytest.mark.parametrize(
    "header, separator",
    [
        ("id,name,country\n", ","),
        ("id;name;country\n", ";"),
        ("id\tname\tcountry\n", "\t"),
        ('id,"name; or names",country\n', ","),
        ('"id";"name, in full";"country"\n', ";"),
        ("id\n", ","),
        ("", ","),
    ],
)
def test_the_header_tells_what_parts_the_columns(header: str, separator: str) -> None:
    assert separator_of(header) == separator


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="it is not a file"):
        ensure_plain(tmp_path / "a\0b", folder=tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read every file")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "experts.csv"
    file.touch(mode=0o000)

    with pytest.raises(FileRefused, match="it cannot be read"):
        list(lines_of(file, folder=tmp_path))
