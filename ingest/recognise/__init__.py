"""What a value from somebody's list certainly is: a country, a language, a telephone number, an address, a date.

Every function gives the value in the form that the network's own files have, raises
:class:`~ingest.recognise.words.Doubtful` where a value probably means something that it does not say, which must not
be taken silently, and :class:`ingest.cells.Unfit` where it is nothing of the kind. None knows the graph or a file.
"""

from ingest.recognise import countries, languages
from ingest.recognise.addresses import email, orcid, url
from ingest.recognise.countries import country, country_name, default_country
from ingest.recognise.dates import DateOrder, date_order, day, looks_like_date, moment, partial_date
from ingest.recognise.languages import language, language_level, spoken
from ingest.recognise.numbers import number_of_people
from ingest.recognise.phones import looks_like_phone, phone
from ingest.recognise.words import Doubtful, near, plain, text_line

__all__ = [
    "DateOrder",
    "Doubtful",
    "country",
    "country_name",
    "date_order",
    "day",
    "default_country",
    "email",
    "language",
    "language_level",
    "looks_like_date",
    "looks_like_phone",
    "moment",
    "near",
    "number_of_people",
    "orcid",
    "partial_date",
    "phone",
    "plain",
    "prepare",
    "spoken",
    "text_line",
    "url",
]


def prepare() -> None:
    """Read the tables of names now that recognising needs, which takes some seconds once in a process."""
    countries.prepare()
    languages.prepare()
