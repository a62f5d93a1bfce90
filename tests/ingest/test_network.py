# ruff: noqa: E501 -- exact sentences and rows stand on one line each
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from graph.intake import Kind, Known, KnownNames, KnownRecord, NetworkRecord
from graph.values import Network as Description
from ingest import FolderUnreadable, Network, NotANetwork, files_of, read
from ingest.documents import Document
from ingest.found import Doubted, Found, Reading
from ingest.network import assemble

Folder = Callable[[dict[str, str]], Path]
Edit = Callable[[str, str, str], None]

AUDIENCES = (
    'write it as {"contact": "members"}: the groups are listing, profile, contact, country, organisation, languages, '
    "attendance; the audiences everyone, members, organisers, nobody"
)
TOPICS = "id,broader,label_en\n"


def sentences(network: Network) -> list[str]:
    return [str(refusal) for refusal in network.refusals]


def held(kind: Kind, *ids: str, broader: dict[str, str] | None = None) -> Known:
    """What a graph holds that once took these in."""
    nothing = Known.nothing()
    return Known({**nothing.digests, kind: dict.fromkeys(ids, "digest")}, broader or {})


def test_a_network_in_which_nothing_is_wrong_is_read_whole(network: Path) -> None:
    found = read(network)

    assert not found.refusals
    assert not found.notes
    assert {kind: len(table.entries) for kind, (table,) in found.tables.items()} == {
        Kind.ORGANISATIONS: 2,
        Kind.TOPICS: 3,
        Kind.SERIES: 1,
        Kind.PROJECTS: 1,
        Kind.EXPERTS: 2,
        Kind.EVENTS: 1,
        Kind.RESOURCES: 1,
        Kind.ACTIVITIES: 1,
        Kind.AFFILIATIONS: 2,
        Kind.SPEAKERS: 1,
        Kind.ATTENDANCE: 1,
        Kind.DOCUMENTS: 2,
    }
    assert found.languages() == {"ar", "fr", "en"}


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FolderUnreadable) as missing:
        files_of(tmp_path / "none")

    assert str(missing.value) == (
        f"{tmp_path / 'none'} cannot be read (No such file or directory); "
        "give the folder that holds the network's CSV files."
    )


def test_one_file_of_a_network_is_read_alone(network: Path) -> None:
    found = read(network / "topics.csv")

    assert list(found.tables) == [Kind.TOPICS]
    assert not found.refusals


def test_a_folder_without_a_network_is_told(folder: Folder) -> None:
    where = folder({"notes.txt": "", "expert.csv": "", "datapackage.json": "{}"})

    with pytest.raises(NotANetwork) as empty:
        read(where)

    assert str(empty.value) == (
        f"{where} holds no file of a network, such as experts.csv, topics.csv or a folder documents; "
        "docs/network-format.md describes them all."
    )


def test_a_csv_file_of_another_name_is_a_readers(folder: Folder) -> None:
    found = read(folder({"Topics.CSV": f"{TOPICS}a,,A\n", "expert.csv": "", "budget.csv": "", ".hidden.csv": ""}))

    assert list(found.tables[Kind.TOPICS][0].entries) == ["a"]
    assert found.notes == ()


def test_the_roster_tells_whose_a_document_is(folder: Folder) -> None:
    where = folder(
        {
            "experts.csv": "id,name,documents\nama,Ama,Scan-17.txt; documents/b/two.txt\nkofi,Kofi,documents/b/two.txt\n",
            "documents/scan-17.txt": "One.",
            "documents/b/two.txt": "Two.",
        }
    )

    (documents,) = read(where).tables[Kind.DOCUMENTS]

    owners = {id: entry.row.owner for id, entry in documents.entries.items() if isinstance(entry.row, Document)}
    assert owners == {"documents/scan-17.txt": ("ama",), "documents/b/two.txt": ("ama", "kofi")}


def test_a_document_that_the_roster_names_and_that_is_not_there_is_told(folder: Folder) -> None:
    found = read(
        folder(
            {
                "experts.csv": "id,name,documents\nama,Ama,Scan-17.txt; documents/b/two.txt; cv.pdf\n",
                "documents/scan-17.txt": "One.",
            }
        )
    )

    assert [str(note) for note in found.notes] == [
        "experts.csv: row 2 names the document 'documents/b/two.txt', which is not there",
        "experts.csv: row 2 names the document 'cv.pdf', which is not there",
    ]


class TestDescription:
    def test_is_kept(self, folder: Folder) -> None:
        where = folder(
            {
                "topics.csv": TOPICS,
                "datapackage.json": '{"title": "Sample", "description": "Invented.", "fictional": true, "resources": []}',
            }
        )

        assert read(where).description == NetworkRecord(Description("Sample", "Invented.", is_fictional=True))

    @pytest.mark.parametrize(
        "text, sentence",
        [
            ("{", "datapackage.json: it is not JSON; correct it, or leave the file out"),
            ("[" * 100_000, "datapackage.json: it is not JSON; correct it, or leave the file out"),
            ("[]", 'datapackage.json: it is not a JSON object; write it as {"title": "…"}'),
            ("{}", "datapackage.json, column title: it has no title; add the network's name as 'title'"),
            ('{"title": 1}', "datapackage.json: it is not text; write one text there"),
            (
                '{"title": "\\ud800"}',
                "datapackage.json: it holds the hidden character U+D800 (a control character); delete that character",
            ),
            (
                '{"title": "T", "fictional": "yes"}',
                "datapackage.json, column fictional: 'fictional' is neither true nor false; write true or false",
            ),
            (
                '{"title": "T", "audiences": []}',
                f"datapackage.json, column audiences: 'audiences' is not a JSON object; {AUDIENCES}",
            ),
            (
                '{"title": "T", "audiences": {"mail": "members"}}',
                f"datapackage.json, column audiences: there is no group of fields 'mail'; {AUDIENCES}",
            ),
            (
                '{"title": "T", "audiences": {"contact": "friends"}}',
                f"datapackage.json, column audiences: the audience of 'contact' is none; {AUDIENCES}",
            ),
        ],
    )
    def test_that_does_not_fit_is_refused(self, folder: Folder, text: str, sentence: str) -> None:
        found = read(folder({"topics.csv": TOPICS, "datapackage.json": text}))

        assert found.description is None
        assert sentences(found) == [sentence]


class TestReferences:
    @pytest.mark.parametrize(
        "file, old, new, sentence",
        [
            ("topics.csv", "stewards,religious-sites", "stewards,religous-sites", "topics.csv, row 3, column broader: there is no topic 'religous-sites'; did you mean 'religious-sites'?"),
            ("experts.csv", "worship-stewards:", "warship-stewards:", "experts.csv, row 2, column topics: there is no topic 'warship-stewards'; did you mean 'worship-stewards'?"),
            ("affiliations.csv", "kofi-adjei,osce", "kofi-adjei,onu", "affiliations.csv, row 3, column organisation: there is no organisation 'onu'; add it to organisations.csv, or correct the id"),
            ("affiliations.csv", "kofi-adjei", "kofi-adje", "affiliations.csv, row 3, column expert: there is no expert 'kofi-adje'; did you mean 'kofi-adjei'?"),
            ("speakers.csv", "briefing,", "brief,", "speakers.csv, row 2, column event: there is no event 'brief'; did you mean 'briefing'?"),
            ("activities.csv", "insights", "insight", "activities.csv, row 2, column project: there is no project 'insight'; did you mean 'insights'?"),
            ("resources.csv", "osce", "osc", "resources.csv, row 2, column partners: there is no organisation 'osc'; did you mean 'osce'?"),
            ("documents/talks/briefing.md", "event: briefing", "resource: modul", "documents/talks/briefing.md, column resource: there is no resource 'modul'; did you mean 'module'?"),
        ],
    )  # fmt: skip
    def test_to_nothing_are_refused(  # noqa: PLR0917
        self, network: Path, edit: Edit, file: str, old: str, new: str, sentence: str
    ) -> None:
        edit(file, old, new)

        found = read(network)

        assert sentence in sentences(found)

    def test_to_a_refused_row_say_so_and_refuse_what_names_them(self, network: Path, edit: Edit) -> None:
        edit("experts.csv", ",GH,", ",XX,")

        found = read(network)

        assert sentences(found)[1:] == [
            "affiliations.csv, row 3, column expert: the expert 'kofi-adjei' is itself refused (row 3 of experts.csv); "
            "correct that row first",
            "attendance.csv, row 2, column expert: the expert 'kofi-adjei' is itself refused (row 3 of experts.csv); "
            "correct that row first",
            "documents/talks/briefing.md, column owner: the expert 'kofi-adjei' is itself refused "
            "(row 3 of experts.csv); correct that row first",
        ]
        assert found.tables[Kind.AFFILIATIONS][0].refused_rows == 1

    def test_into_a_refused_file_say_so(self, network: Path) -> None:
        (network / "topics.csv").write_text("no header\n", encoding="utf-8")

        found = read(network)

        assert sentences(found)[0] == (
            "topics.csv, column id: it has no column 'id'; add it, with that name in the first row"
        )
        assert (
            "experts.csv, row 3, column topics: the topic 'markets' is in no readable file; correct topics.csv first"
            in sentences(found)
        )

    def test_to_what_the_graph_holds_are_good(self, folder: Folder) -> None:
        where = folder({"experts.csv": "id,name,country,languages,topics\na,Ana,ES,es:native,markets:lead\n"})

        assert sentences(read(where)) == [
            "experts.csv, row 2, column topics: there is no topic 'markets'; add it to topics.csv, or correct the id"
        ]
        assert not read(where, known=held(Kind.TOPICS, "markets")).refusals

    def test_to_a_refused_row_that_the_graph_holds_are_good(self, network: Path, edit: Edit) -> None:
        edit("experts.csv", ",GH,", ",XX,")

        found = read(network, known=held(Kind.EXPERTS, "kofi-adjei"), prune=True)

        assert len(found.refusals) == 1

    def test_to_what_pruning_removes_are_refused(self, network: Path, edit: Edit) -> None:
        edit("experts.csv", "markets:practitioner", "hotels:practitioner")
        known = held(Kind.TOPICS, "hotels")

        assert not read(network, known=known).refusals
        assert sentences(read(network, known=known, prune=True))[0].startswith(
            "experts.csv, row 3, column topics: there is no topic 'hotels'"
        )

    def test_of_many_wrong_names_only_the_first_hundred_are_guessed(self, folder: Folder) -> None:
        rows = "".join(f"e{n},E,ES,es:native,topik-{n:04}:lead\n" for n in range(150))
        topics = "".join(f"topic-{n:04},,T\n" for n in range(150))

        found = read(
            folder({"topics.csv": TOPICS + topics, "experts.csv": f"id,name,country,languages,topics\n{rows}"})
        )

        assert len(found.refusals) == 150
        assert sum("did you mean" in sentence for sentence in sentences(found)) == 100


class TestTopics:
    def test_in_a_circle_are_refused_with_the_circle_and_what_is_below_it(self, folder: Folder) -> None:
        found = read(folder({"topics.csv": f"{TOPICS}a,c,A\nb,a,B\nc,b,C\nd,a,D\ne,,E\nf,f,F\n"}))

        assert list(found.tables[Kind.TOPICS][0].entries) == ["e"]
        assert sentences(found) == [
            "topics.csv, row 2, column broader: 'a' would be broader than itself: a > c > b > a; take one step out of the circle",
            "topics.csv, row 3, column broader: 'b' would be broader than itself: a > c > b > a; take one step out of the circle",
            "topics.csv, row 4, column broader: 'c' would be broader than itself: a > c > b > a; take one step out of the circle",
            "topics.csv, row 5, column broader: the topic 'a' is itself refused (row 2 of topics.csv); correct that row first",
            "topics.csv, row 7, column broader: 'f' would be broader than itself: f > f; take one step out of the circle",
        ]  # fmt: skip

    def test_in_a_circle_with_the_graph_are_refused(self, folder: Folder) -> None:
        known = held(Kind.TOPICS, "a", "b", broader={"b": "a"})

        found = read(folder({"topics.csv": f"{TOPICS}a,b,A\n"}), known=known)

        assert sentences(found) == [
            "topics.csv, row 2, column broader: 'a' would be broader than itself: a > b > a; take one step out of the circle"
        ]

    def test_that_turn_the_graphs_order_round_are_good(self, folder: Folder) -> None:
        known = held(Kind.TOPICS, "a", "b", broader={"b": "a"})

        found = read(folder({"topics.csv": f"{TOPICS}a,b,A\nb,,B\n"}), known=known)

        assert not found.refusals
        assert list(found.tables[Kind.TOPICS][0].entries) == ["b", "a"]

    def test_come_broader_ones_first(self, folder: Folder) -> None:
        found = read(folder({"topics.csv": f"{TOPICS}c,b,C\nb,a,B\na,,A\n"}))

        assert list(found.tables[Kind.TOPICS][0].entries) == ["a", "b", "c"]

    def test_under_a_refused_one_are_refused_all_the_way_down(self, folder: Folder) -> None:
        found = read(folder({"topics.csv": f"{TOPICS}c,b,C\nb,a,B\na,none,A\n"}))

        assert [refusal.value for refusal in found.refusals] == ["b", "a", "none"]
        assert not found.tables[Kind.TOPICS][0].entries


def test_what_cannot_be_pruned_is_noted(network: Path, edit: Edit) -> None:
    edit("experts.csv", "kofi-adjei,", "Kofi,")

    found = read(network, prune=True)

    assert "experts.csv: nothing of it was pruned, because what was refused of it may stand for anything" in [
        str(note) for note in found.notes
    ]


ROSTER = "roster.xlsx"


def known_to(source: str, *people: str, folder: Path) -> Known:
    """What a graph holds that a source of this folder once told of these people."""
    records = {(source, id): KnownRecord(f"{source} {id}", source, id, id, "digest", "", None) for id in people}
    digests: dict[Kind, dict[str, str | None]] = {
        **{key: {} for key in Kind},
        Kind.EXPERTS: dict.fromkeys(people, "digest"),
    }
    return Known(digests, {}, records={Kind.EXPERTS: records}, folders={source: [str(folder.resolve())]})


def pruned(where: Path, reading: Reading, known: Known) -> tuple[list[str], list[str]]:
    """Of whom nobody tells any more when a roster of the folder is read so, and what is noted."""
    found = assemble(files_of(where), {ROSTER: reading}, known=known, names=KnownNames(), prune=True)
    return [record.subject for record in found.removals.records(Kind.EXPERTS)], [str(note) for note in found.notes]


@pytest.fixture
def roster(folder: Folder) -> Path:
    where = folder({"topics.csv": TOPICS})
    (where / ROSTER).write_bytes(b"PK")
    return where


def test_who_is_in_a_roster_no_more_is_pruned(roster: Path) -> None:
    ama = Found(kind=Kind.EXPERTS, key="1", cells={"id": "ama", "name": "Ama"}, place="row 2")

    lost, notes = pruned(roster, Reading(rows=[ama]), known_to(ROSTER, "ama", "kofi", folder=roster))

    assert (lost, notes) == (["kofi"], [])


def test_a_roster_that_has_nobody_any_more_takes_nobody_out(roster: Path) -> None:
    lost, notes = pruned(roster, Reading(), known_to(ROSTER, "ama", folder=roster))

    assert lost == []
    assert notes == [
        "roster.xlsx: nothing of it was pruned, because it has no experts any more; 'knowwho sources remove roster.xlsx' takes them out"
    ]


def test_a_file_of_our_own_that_has_nobody_any_more_takes_nobody_out(folder: Folder) -> None:
    where = folder({"experts.csv": "id,name\n"})

    found = read(where, known=known_to("experts.csv", "ama", folder=where), prune=True)

    assert found.removals.records(Kind.EXPERTS) == []
    assert [note.file for note in found.notes] == ["experts.csv"]


def test_a_roster_of_which_a_sheet_is_doubtful_takes_nobody_out(roster: Path) -> None:
    ama = Found(kind=Kind.EXPERTS, key="1", cells={"id": "ama", "name": "Ama"}, place="row 2")
    doubt = Doubted(place="sheet Two", column=None, value="", reason="nobody knows what it lists", remedy="say so")

    lost, notes = pruned(roster, Reading(rows=[ama], doubts=[doubt]), known_to(ROSTER, "ama", "kofi", folder=roster))

    assert lost == []
    assert notes == ["roster.xlsx: nothing of it was pruned, because it is not certain what a part of it tells"]


def test_what_a_folder_elsewhere_has_under_the_same_name_stays(roster: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ROSTER).write_bytes(b"PK")
    ama = Found(kind=Kind.EXPERTS, key="1", cells={"id": "ama", "name": "Ama"}, place="row 2")

    lost, notes = pruned(roster, Reading(rows=[ama]), known_to(ROSTER, "kofi", folder=elsewhere))

    assert lost == []
    assert notes == [f"roster.xlsx: nothing of it was pruned, because {elsewhere} has a file of this name too"]


def test_it_stays_as_well_when_this_folder_was_loaded_since(roster: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ROSTER).write_bytes(b"PK")
    both = [str(elsewhere), str(roster.resolve())]
    known = replace(known_to(ROSTER, "kofi", folder=elsewhere), folders={ROSTER: both})
    ama = Found(kind=Kind.EXPERTS, key="1", cells={"id": "ama", "name": "Ama"}, place="row 2")

    assert pruned(roster, Reading(rows=[ama]), known)[0] == []
    (roster / ROSTER).unlink()
    assert read(roster, known=known, prune=True).removals.ids(Kind.EXPERTS) == []


def test_a_folder_that_was_moved_is_pruned_as_before(roster: Path, tmp_path: Path) -> None:
    ama = Found(kind=Kind.EXPERTS, key="1", cells={"id": "ama", "name": "Ama"}, place="row 2")

    lost, _ = pruned(roster, Reading(rows=[ama]), known_to(ROSTER, "kofi", folder=tmp_path / "before"))

    assert lost == ["kofi"]


def test_the_documents_of_a_folder_elsewhere_stay(folder: Folder, tmp_path: Path) -> None:
    where = folder({"topics.csv": TOPICS})
    (where / "documents").mkdir()
    source = "documents/ama.md"
    known = Known(
        {**{key: {} for key in Kind}, Kind.DOCUMENTS: {source: "digest"}},
        {},
        documents={source: source},
        folders={source: [str(tmp_path / "elsewhere")]},
    )

    assert read(where, known=known, prune=True).removals.ids(Kind.DOCUMENTS) == []
