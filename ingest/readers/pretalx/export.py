"""The JSON of pretalx's exporter for organisers: ``SLUG_sessions.json`` and ``SLUG_speakers.json``.

Each is a list of objects whose keys are the labels of the chosen fields in the language of whoever exported them, and
whose other keys are questions asked of speakers; only the code, "ID", is always called so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.readers.pretalx.conference import Conference, Slot, Speaker, Talk
from ingest.readers.pretalx.fields import Fields, Told
from ingest.readers.pretalx.rest import ACCEPTED, LONGEST_LABEL
from ingest.readers.pretalx.source import Source

__all__ = ["conferences_of", "is_export"]

CODE = "ID"
# pretalx's labels in English (of today and before), German, French, Spanish, Portuguese, Arabic, Russian and Chinese.
LABELS: Mapping[str, Sequence[str]] = {
    "name": ("Name", "Nom", "Nombre", "Nome", "الاسم", "Имя", "名称", "名稱"),
    "biography": (
        *("Biography", "Über dich", "Biographie", "Biografie", "Biografía", "Biografia", "السيرة الشخصية"),
        *("Биография", "信息", "自傳"),
    ),
    "email": (
        *("Email", "E-Mail", "E-mail", "Courriel", "Correo electrónico", "الايميل", "Электронная почта"),
        *("电子邮件", "電子郵件"),
    ),
    "title": (
        *("Proposal title", "Session title", "Title", "Titel", "Titre de la proposition", "Título de la propuesta"),
        *("Título da proposta", "عنوان الطلب (المقترح)", "Название", "提案标题", "議程投稿標題"),
    ),
    "state": (
        *("Proposal state", "Session state", "State", "Einreichungsstatus", "Statut de la proposition"),
        *("Estado de la propuesta", "Estado da proposta", "حالة المقترح", "Статус", "提案状态", "議程投稿狀態"),
    ),
    "track": ("Track", "Parcours", "Trilha", "Acompanhar", "التتبع", "Трек", "分支", "議程軌"),
    "tags": ("Tags", "Étiquettes", "Etiquetas", "العلامات (Tags)", "Теги", "标签", "標籤"),
    "abstract": ("Abstract", "Zusammenfassung", "Résumé", "Resumen", "Resumo", "الملخص", "Аннотация", "摘要"),
    "description": ("Description", "Beschreibung", "Descripción", "Descrição", "الوصف", "Описание", "描述", "說明"),
    "language": ("Language", "Sprache", "Langue", "Idioma", "Linguagem", "اللغة", "Язык", "语言", "語言"),
    "speakers": (
        *("Speaker IDs", "IDs der Vortragenden", "Identifiant de l'intervenant", "ID de altavoz"),
        *("IDs de palestrantes", "IDs do Orador", "الملف التعريقي الخاص بالمتحدثين", "发言人ID", "講者 ID"),
    ),
    "speaker names": (
        *("Speaker names", "Namen der Vortragenden", "Noms des intervenants", "Nombres de los oradores"),
        *("Nomes de palestrantes", "Nomes de Oradores", "أسماء المتحدثين", "发言人姓名", "講者姓名"),
    ),
    "room": ("Room", "Raum", "Salle", "Sala", "الغرفة", "Зал", "房间", "會議室"),
    "start": ("Start", "Beginn", "Début", "Comienzo", "Início", "Começar", "ابدأ", "Начало", "开始", "開始"),
    "end": ("End", "Ende", "Fin", "Término", "Fim", "إغلاق", "Конец", "结束", "結束"),
    "submissions": (
        *("Proposal IDs", "Session IDs", "Einreichungs-IDs", "Identifiant de la proposition", "ID de propuesta"),
        *("IDs de proposta", "رقم الطلب (المقترح)", "提案 ID", "投稿 ID"),
    ),
}
FIELDS = {label.casefold(): name for name, labels in LABELS.items() for label in labels}
# Labels of fields that are neither needed nor somebody's secret.
NOT_NEEDED = {
    "picture",
    "bild",
    "image",
    "imagen",
    "session type",
    "duration",
    "slot count",
    "created",
    "session image",
}


def is_export(payload: object) -> bool:
    """Whether a JSON file is a list from the exporter: all of its objects have "ID"."""
    return (
        isinstance(payload, list)
        and bool(payload)
        and all(isinstance(one, Mapping) and CODE in one and "code" not in one for one in payload)
    )


def conferences_of(payload: Sequence[Mapping[str, object]], told: Told, source: Source) -> list[Conference]:
    """The conference of an exporter's file, as far as sessions or speakers tell of it."""
    filling = _Filling(Conference(identifier=source.conference()), told, source)
    for number, given in enumerate(payload, 1):
        filling.take(_named(given, f"entry {number}", told))
    return [filling.conference]


def _named(given: Mapping[str, object], place: str, told: Told) -> Fields:
    """An object with pretalx's own names for its fields; questions, answers and internal fields left out."""
    found: dict[str, object] = {}
    for label, value in given.items():
        plain = str(label).strip().casefold()
        name = "code" if label == CODE else FIELDS.get(plain)
        if name is not None:
            found.setdefault(name, value)
        elif value not in (None, "", []) and plain not in NOT_NEEDED and not _is_half_of_a_time(plain):
            told.counts["closed"] += 1
    return Fields(found, place, told)


def _is_half_of_a_time(label: str) -> bool:
    """Whether it is a date or a time alone, such as "Start (date)"."""
    return FIELDS.get(label.split(" (", maxsplit=1)[0]) in {"start", "end"}


@dataclass(frozen=True, slots=True)
class _Filling:
    """Puts the sessions and speakers of an export into their conference."""

    conference: Conference
    told: Told
    source: Source

    def take(self, given: Fields) -> None:
        """Take in a session, or a speaker, which has a name and no session's fields."""
        code = given.code("code").upper()
        if not code:
            self.told.refuse(given.place, "it has no ID", "export the conference again")
        elif "name" in given and not any(name in given for name in ("state", "abstract", "speaker names", "speakers")):
            self._take_speaker(given, code)
        else:
            self._take_talk(given, code)

    def _take_speaker(self, given: Fields, code: str) -> None:
        if "submissions" in given and not given.items("submissions"):
            self.told.counts["no talk"] += 1
            return
        self.told.counts["unsure"] += 1
        speaker = Fields(given.given, f"speaker {code}", self.told)
        self.conference.add_speaker(
            Speaker(
                code=code,
                identifiers=(self.source.person(code),),
                name=speaker.line("name"),
                email=speaker.email("email"),
                biography=speaker.text("biography"),
            )
        )

    def _take_talk(self, given: Fields, code: str) -> None:
        language = given.tag("language")
        talk = Fields(given.given, f"talk {code}", self.told, language)
        state = talk.text("state").strip().lower()
        if state not in ACCEPTED and ("state" in talk or not (talk.has("room") or talk.has("start"))):
            self.told.counts["not accepted" if "state" in talk else "no state"] += 1
            return
        title = talk.line("title")
        if not title:
            self.told.refuse(talk.place, "the talk has no title", "choose the title too when you export the sessions")
            return
        speakers = self._speakers(talk)
        for speaker in speakers:
            self.conference.add_speaker(speaker)
        labels = [*talk.items("track"), *_parts(talk, "tags")]
        self.conference.talks[code] = Talk(
            code=code,
            title=title,
            abstract=talk.text("abstract"),
            description=talk.text("description"),
            language=language,
            url="",
            labels=tuple(
                dict.fromkeys(
                    line
                    for one in labels
                    if (line := talk.within({"label": one}, "track or tag").line("label", most=LONGEST_LABEL))
                )
            ),
            slots=(Slot(talk.moment("start", None), talk.moment("end", None), talk.line("room", most=LONGEST_LABEL)),),
            speakers={speaker.code: "speaker" for speaker in speakers},
        )

    def _speakers(self, talk: Fields) -> list[Speaker]:
        """Codes and names stand in two lists in the same order; without codes, somebody is known by the name alone."""
        codes = [talk.within({"code": one}, "speakers").code("code").upper() for one in _parts(talk, "speakers")]
        names = [talk.within({"name": one}, "speaker names").line("name") for one in _parts(talk, "speaker names")]
        if not codes:
            return [Speaker(code=f"named {name}", identifiers=(), name=name) for name in names if name]
        if len(codes) != len(names):
            names = [""] * len(codes)
        return [
            Speaker(code=code, identifiers=(self.source.person(code),), name=name)
            for code, name in zip(codes, names, strict=True)
            if code
        ]


def _parts(given: Fields, name: str) -> list[object]:
    """The parts of a list, which an export that was once CSV has as lines."""
    return [
        part
        for value in given.items(name)
        for part in (value.splitlines() if isinstance(value, str) else [value])
        if part != ""
    ]
