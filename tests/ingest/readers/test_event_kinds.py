"""What kind of event a title or a category names."""

import pytest

from ingest.readers.event_kinds import event_kind
from ingest.rows.events import EventKind

TITLES = {
    EventKind.BRIEFING: [
        *("Briefing on law", "Séance d’information", "Sesión informativa sobre diseño", "إحاطة حول الوقاية"),
        *("Брифинг о профилактике", "预防简报会", "Sesión de información", "吹风会", "جلسة إعلامية"),
        *("Infoveranstaltung zum Recht", "Informationssitzungen", "Sessão de informação sobre mercados"),
    ],
    EventKind.LAUNCH: [
        *("Launch of the network", "Lancement du réseau", "Lanzamiento de la red", "إطلاق الشبكة"),
        *("Торжественный запуск сети", "网络启动仪式", "Auftaktveranstaltung", "Lançamento da rede"),
    ],
    EventKind.WORKSHOP: [
        *("Design workshop", "Atelier de conception", "Taller de diseño", "ورشة عمل", "Мастер-класс", "设计工作坊"),
        *("حلقة عمل", "Семинары по праву", "设计研讨会", "Zukunftswerkstatt: Werkstatt", "Oficina de trabalho"),
    ],
    EventKind.TRAINING: [
        *("Training on response", "Formation des formateurs", "Capacitación", "التدريب على الوقاية"),
        *("Тренинг по праву", "预防培训", "دورات تدريبية", "Entrenamiento", "Повышение квалификации"),
        *("Schulungen", "Mitarbeiterschulung", "Online-Schulung", "Fortbildung", "Lehrgänge", "Formação de formadores"),
        *("Capacitações", "Treinamento"),
    ],
    EventKind.CONFERENCE: [
        *("Conference on design", "Conférence sur le droit", "Congreso de derecho", "المؤتمر السنوي"),
        *("Конференция по праву", "预防大会", "مؤتمرات", "Fachtagung", "Konferenzen", "Conferência anual", "Congresso"),
    ],
    EventKind.MEETING: [
        *("Monthly meeting", "Réunion mensuelle", "Reunión mensual", "اجتماع شهري", "Совещание по праву", "每周例会"),
        *("لقاء الخبراء", "Netzwerktreffen", "Sitzung des Vorstands", "Mitgliederversammlung", "Reunião mensal"),
    ],
}


@pytest.mark.parametrize("kind, title", [(kind, title) for kind, titles in TITLES.items() for title in titles])
def test_a_title_names_a_kind(kind: EventKind, title: str) -> None:
    assert event_kind(title, []) is kind


@pytest.mark.parametrize(
    "title",
    [
        *("", "Information on prevention", "Lunch", "Workshop and conference"),
        *("Oficina de las Naciones Unidas", "Einschulung", "Vertagung", "Arbeitsgruppe"),
    ],
)
def test_a_title_that_names_none_or_several_tells_nothing(title: str) -> None:
    assert event_kind(title, []) is None


def test_categories_count_before_the_title() -> None:
    assert event_kind("Conference room", ["law", "Training"]) is EventKind.TRAINING
