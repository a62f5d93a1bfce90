# ruff: noqa: E501 -- exact sentences and rows stand on one line each
"""A small network in a folder, and a way to write other files into it."""

from collections.abc import Callable
from pathlib import Path

import pytest

SMALL = {
    "topics.csv": """\
id,broader,label_en,label_fr,other_labels_en,definition
religious-sites,,Religious sites,Sites religieux,places of worship,Places where people worship.
worship-stewards,religious-sites,Stewards at places of worship,Bénévoles d'accueil,church wardens; ushers,
markets,,Markets,Marchés,,
""",
    "organisations.csv": """\
id,name,kind,country,website
tunis-safe-mosques,Association of Mosque Stewards,faith-community,TN,https://stewards.example.org
osce,OSCE,international,,
""",
    "series.csv": "id,name,description\nexpert-briefings,Expert Briefing Series,Six briefings.\n",
    "projects.csv": """\
id,title,starts_on,ends_on,countries,topics,partners,description
insights,Behavioural insights,2022-11-22,2024-12-31,MA; ES,markets,osce,How people notice.
""",
    "experts.csv": """\
id,name,headline,email,country,languages,topics,worked_in,joined
salma-benrabah,Salma Benrabah,Trainer of stewards,salma@example.org,TN,ar:native; fr:fluent,worship-stewards:lead:2011,TN; FR,2022-02-10
kofi-adjei,Kofi Adjei,"Architect, adviser on entrances",,GH,en:fluent,markets:practitioner,,
""",
    "events.csv": """\
id,title,kind,format,series,starts_at,ends_at,country,topics,languages,partners,description
briefing,Briefing on religious sites,briefing,online,expert-briefings,2022-06-02T14:00:00+02:00,2022-06-02T16:00:00+02:00,AT,religious-sites,fr; en,osce,Open doors.
""",
    "resources.csv": """\
id,title,kind,languages,country,topics,authors,partners,published_on,description
module,Places of worship,module,ar; fr,TN,worship-stewards,salma-benrabah,osce,2022-09-13,Five units.
""",
    "activities.csv": """\
id,title,kind,status,starts_on,ends_on,countries,topics,partners,project,description
training,Training of trainers,national,done,2022-06-13,2022-06-15,TN,worship-stewards,osce,insights,Three days.
""",
    "affiliations.csv": """\
expert,organisation,role,from,to
salma-benrabah,tunis-safe-mosques,Head of training,2014-09,
kofi-adjei,osce,Adviser,2010,2015
""",
    "speakers.csv": """\
event,expert,role,talk
briefing,salma-benrabah,speaker,"Accueillir, observer, alerter"
""",
    "attendance.csv": "event,expert\nbriefing,kofi-adjei\n",
    "documents/biographies/salma-benrabah.md": """\
---
owner: salma-benrabah
kind: biography
language: fr
---
Salma Benrabah a formé plus de trois cents bénévoles à l'accueil des fidèles.
""",
    "documents/talks/briefing.md": """\
---
owner: salma-benrabah; kofi-adjei
kind: talk
event: briefing
language: fr
title: Accueillir, observer, alerter
date: 2022-06-02
---
Trois gestes suffisent à la porte : saluer, regarder, prévenir.
""",
}


def write_files(folder: Path, files: dict[str, str]) -> Path:
    """Write texts into a folder by path; the folder."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """A small network of every kind, in which nothing is wrong."""
    return write_files(tmp_path / "network", SMALL)


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """A folder with these files alone; written again, it has these more."""
    return lambda files: write_files(tmp_path / "folder", files)


@pytest.fixture
def edit(network: Path) -> Callable[[str, str, str], None]:
    """Replace a text in a file of the small network, where it stands once."""

    def replace(file: str, old: str, new: str) -> None:
        path = network / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"'{old}' stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
