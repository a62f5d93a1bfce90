"""What is suggested as one types, in every script; who sees whom suggested is in tests/visibility."""

import pytest

from graph.graph import Graph, Transaction
from graph.passages import restamp
from graph.suggestions import Kind, Suggestion, suggested
from graph.viewer import Role, Viewer

MEMBER = Viewer(Role.MEMBER)
NETWORK = """
UNWIND $people AS row
CREATE (e:Expert {id: row[0], name: row[1]})
WITH collect(e) AS people
CREATE (ci:Country {id: 'CI', name_en: 'Côte d’Ivoire', name_zh: '科特迪瓦', name_ru: 'Кот-д’Ивуар'})
CREATE (tn:Country {id: 'TN', name_en: 'Tunisia', name_fr: 'Tunisie', name_ar: 'تونس', name_ru: 'Тунис',
                    name_zh: '突尼斯'})
CREATE (:Country {id: 'TO', name_en: 'Tonga', name_fr: 'Tonga'})
CREATE (:Topic {id: 'hotels', label_en: 'Hotels', label_fr: 'Hôtels', label_ar: 'الفنادق', label_zh: '酒店',
                labels: ['Hotels', 'guest houses', 'Hôtels', 'الفنادق', '酒店']})
CREATE (:Topic {id: 'old', label_en: 'Hotel lobbies', labels: ['Hotel lobbies'], deprecated: true})
CREATE (:Topic {id: 'first-aid', label_en: 'First aid', label_ar: 'أولى', labels: ['First aid', 'أولى']})
WITH people, ci, tn
UNWIND people AS e
CREATE (e)-[:BASED_IN]->(ci), (e)-[:BASED_IN]->(tn)
CREATE (e)-[:EVIDENCED_BY]->(:Passage {id: 't-' + e.id, text: 'x', title: 'Graphite and hotels', kind: 'talk'})
"""
PEOPLE = [("grace", "Grace Nakimuli"), ("aissatou", "Aïssatou Ndiaye Sarr"), ("wen", "文景星"), ("ivan", "Иван Петров")]


@pytest.fixture
async def network(graph: Graph) -> Graph:
    await graph.write(NETWORK, people=PEOPLE)

    async def work(tx: Transaction) -> None:
        await restamp(tx, experts=[id for id, _ in PEOPLE])

    await graph.transact(work)
    return graph


HOTELS = Suggestion(Kind.TOPIC, "hotels", "Hotels")
GRACE = Suggestion(Kind.PERSON, "grace", "Grace Nakimuli")
IVORY_COAST = Suggestion(Kind.COUNTRY, "CI", "Côte d’Ivoire")


@pytest.mark.parametrize(
    "text, found",
    [
        ("hot", [HOTELS]),
        ("HÔT", [HOTELS]),
        ("guest ho", [Suggestion(Kind.TOPIC, "hotels", "Hotels", "guest houses")]),
        ("فنا", [Suggestion(Kind.TOPIC, "hotels", "Hotels")]),
        ("الفنا", [Suggestion(Kind.TOPIC, "hotels", "Hotels", "الفنادق")]),
        ("اولى", [Suggestion(Kind.TOPIC, "first-aid", "First aid", "أولى")]),
        ("酒", [Suggestion(Kind.TOPIC, "hotels", "Hotels", "酒店")]),
        ("cote d'iv", [IVORY_COAST]),
        ("Tun", [Suggestion(Kind.COUNTRY, "TN", "Tunisia")]),
        ("Туни", [Suggestion(Kind.COUNTRY, "TN", "Tunisia", "Тунис")]),
        ("突尼", [Suggestion(Kind.COUNTRY, "TN", "Tunisia", "突尼斯")]),
        ("to", []),
        ("gra", [GRACE]),
        ("nakimuli gr", [GRACE]),
        ("aissatou sa", [Suggestion(Kind.PERSON, "aissatou", "Aïssatou Ndiaye Sarr")]),
        ("文景", [Suggestion(Kind.PERSON, "wen", "文景星")]),
        ("Petrov", [Suggestion(Kind.PERSON, "ivan", "Иван Петров")]),
        ("Накимули", [GRACE]),
        ("graphite", []),
        ("h", []),
        ("", []),
        ("who has trained people of our hotels", []),
        ('" *:* ) hot', [HOTELS]),
        ('xyz" *:* ) hot', []),
        ("*", []),
        ("AND NOT", []),
        ("\\", []),
    ],
)
async def test_names_begin_so(network: Graph, text: str, found: list[Suggestion]) -> None:
    assert await suggested(network, MEMBER, text=text, language="en") == found


async def test_names_are_in_the_askers_language(network: Graph) -> None:
    (french,) = await suggested(network, MEMBER, text="hot", language="fr")
    (arabic,) = await suggested(network, MEMBER, text="hot", language="ar")

    assert french == Suggestion(Kind.TOPIC, "hotels", "Hôtels")
    assert arabic == Suggestion(Kind.TOPIC, "hotels", "الفنادق", "Hotels")


async def test_each_kind_has_its_share_and_there_are_no_more_than_asked_for(graph: Graph) -> None:
    people = [(f"p{number}", f"Ana Person{number}") for number in range(9)]
    await graph.write(NETWORK, people=people)
    await graph.write(
        "UNWIND range(1, 9) AS n CREATE (:Topic {id: 'a' + n, label_en: 'Ana ' + n, labels: ['Ana ' + n]})"
    )

    async def work(tx: Transaction) -> None:
        await restamp(tx, experts=[id for id, _ in people])

    await graph.transact(work)

    kinds = [one.kind for one in await suggested(graph, MEMBER, text="an", language="en")]
    assert kinds == [Kind.TOPIC] * 5 + [Kind.PERSON] * 3
    assert len(await suggested(graph, MEMBER, text="an", language="en", first=2)) == 2
