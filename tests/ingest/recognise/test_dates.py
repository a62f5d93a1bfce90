"""Dates: the order of day and month is told by a column or a mapping, and never guessed."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.cells import Unfit
from ingest.recognise import DateOrder, Doubtful, date_order, day, moment, partial_date


@pytest.mark.parametrize(
    "text",
    [
        "2022-02-10",
        "2022/2/10",
        "2022.02.10",
        "2022-02-10 00:00:00",
        "2022年2月10日",
        "10 February 2022",
        "February 10th, 2022",
        "10 février 2022",
        "10 de febrero de 2022",
        "10 فبراير 2022",
        "10 شباط 2022",
        "10 февраля 2022 г.",
        "10. Februar 2022",
        "10 de fevereiro de 2022",
        "١٠ فبراير ٢٠٢٢",
    ],
)
def test_a_date_that_says_its_month_is_certain(text: str) -> None:
    assert day(text) == "2022-02-10"


@pytest.mark.parametrize("text", ["10.02.2022", "10/02/2022", "10-02-2022", "10 . 02 . 2022"])
def test_a_date_of_two_small_numbers_is_read_in_the_order_given(text: str) -> None:
    assert day(text, order=DateOrder.DAY_FIRST) == "2022-02-10"
    assert day(text, order=DateOrder.MONTH_FIRST) == "2022-10-02"


@pytest.mark.parametrize("text", ["10.02.2022", "10/02/2022", "44602", "10.02.22"])
def test_a_date_that_may_be_another_is_a_doubt(text: str) -> None:
    with pytest.raises(Doubtful):
        day(text)


@pytest.mark.parametrize(
    "text, found", [("31/12/2022", "2022-12-31"), ("12/31/2022", "2022-12-31"), ("5.5.2022", "2022-05-05")]
)
def test_a_date_that_cannot_be_another_is_certain(text: str, found: str) -> None:
    assert day(text) == found


@pytest.mark.parametrize(
    "texts, order",
    [
        (["10.02.2022", "25.02.2022"], DateOrder.DAY_FIRST),
        (["10/02/2022", "02/25/2022"], DateOrder.MONTH_FIRST),
        (["10.02.2022", "11.03.2022"], None),
        (["25.02.2022", "02/25/2022"], None),
        (["2022-02-10", "ama"], None),
        ([], None),
    ],
)
def test_a_column_tells_its_order_or_not(texts: list[str], order: DateOrder | None) -> None:
    assert date_order(texts) is order


@pytest.mark.parametrize(
    "text, found",
    [
        ("2017", "2017"),
        ("2017-03", "2017-03"),
        ("03/2017", "2017-03"),
        ("März 2017", "2017-03"),
        ("mars 2017", "2017-03"),
        ("2017年3月", "2017-03"),
        ("2017-03-01", "2017-03-01"),
    ],
)
def test_a_year_or_month_will_do_where_a_part_of_a_date_does(text: str, found: str) -> None:
    assert partial_date(text) == found


def test_a_time_has_the_offset_of_its_zone() -> None:
    assert moment("10.02.2022 14:00", order=DateOrder.DAY_FIRST, zone="Africa/Tunis") == "2022-02-10T14:00:00+01:00"
    assert moment("2022-07-10T14:00:00", zone="Europe/Berlin") == "2022-07-10T14:00:00+02:00"
    assert moment("2022-07-10T14:00:00Z", zone="Europe/Berlin") == "2022-07-10T14:00:00+00:00"


def test_a_time_without_offset_or_zone_is_a_doubt() -> None:
    with pytest.raises(Doubtful, match="does not say its offset"):
        moment("2022-02-10 14:00")


@pytest.mark.parametrize(
    "text", ["", "gestern", "may 2022", "ama 2022", "31.02.2022", "2022-13-01", "seit 2011", "99999"]
)
def test_what_is_no_date_is_unfit(text: str) -> None:
    with pytest.raises(Unfit):
        day(text)


WRITTEN = st.from_regex(r"\d{1,5}[-./ 年]\d{0,4}[-./ 月]?\d{0,4}( \d{1,2}:\d\d)?", fullmatch=True)


@given(st.sampled_from([day, partial_date, moment]), st.one_of(st.text(), WRITTEN), st.sampled_from([None, *DateOrder]))
def test_no_text_raises_anything_but_unfit(recognised: Callable[..., str], text: str, order: DateOrder | None) -> None:
    try:
        found = recognised(text, order=order)
    except Unfit:
        return

    assert recognised(found) == found


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(".-/"))
def test_every_date_comes_back_whatever_separates_it(one: date, mark: str) -> None:
    written = f"{one.day}{mark}{one.month}{mark}{one.year}"

    assert day(written, order=DateOrder.DAY_FIRST) == one.isoformat()
    assert day(one.isoformat()) == one.isoformat()


@given(st.datetimes(datetime(1970, 1, 1), datetime(2037, 12, 31)))  # noqa: DTZ001 -- as spreadsheets have them
def test_every_time_of_a_spreadsheet_comes_back(at: datetime) -> None:
    written = at.replace(microsecond=0, second=0)

    assert moment(written.isoformat(), zone="UTC") == f"{written.isoformat()}+00:00"
