"""What stands for dates, times, addresses, codes and tags: what they take, and what they refuse with a sentence."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLScalarType
from hypothesis import given
from hypothesis import strategies as st

from api.graphql.nouns import SCALARS
from api.graphql.schema import schema
from tests.api.conftest import Query

TAKEN: dict[str, list[tuple[str, object]]] = {
    "Date": [("2026-03-01", date(2026, 3, 1)), ("2024-02-29", date(2024, 2, 29))],
    "DateTime": [
        ("2026-03-01T14:00:00Z", datetime(2026, 3, 1, 14, tzinfo=UTC)),
        ("2026-03-01T14:00:00+02:00", datetime(2026, 3, 1, 14, tzinfo=timezone(timedelta(hours=2)))),
        ("2026-03-01T14:00:00+01:02:03", datetime(2026, 3, 1, 12, 57, 57, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("2026-03-01T14:00:00.250-05:00", datetime(2026, 3, 1, 14, 0, 0, 250_000, timezone(timedelta(hours=-5)))),
    ],
    "DateInterval": [(one, "2026-07-01/2026-07-31") for one in ("2026-07-01/2026-07-31", " 2026-07-01 / 2026-07-31 ")],
    "URL": [(url, url) for url in ("https://example.org", "http://example.org:8080/a?b=c#d", "https://пример.рф/é")],
    "EmailAddress": [(one, one) for one in ("ama@example.org", "a.b+c@mail.example.org", "josé@exámple.org")],
    "PhoneNumber": [(one, one) for one in ("+21671000000", "+12025550123")],
    "CountryCode": [("TN", "TN"), ("tn", "TN")],
    "LanguageTag": [(one, one) for one in ("fr", "pt-BR", "zh-Hant-TW", "ceb")],
}
REFUSED: dict[str, tuple[str, list[Any]]] = {
    "Date": (
        "is no date; write one as 2026-03-01.",
        ["", "2026-02-30", "1 March 2026", "2026-03-01T14:00:00Z", 20260301, None, True, ["2026-03-01"], "2026-13-01"],
    ),
    "DateTime": (
        "is no time; write one with its time zone, as 2026-03-01T14:00:00Z.",
        [
            *(
                "",
                "2026-03-01",
                "2026-03-01T14:00:00",
                "2026-03-01T25:00:00Z",
                "noon",
                1772373600,
                None,
                {"at": "noon"},
            ),
            *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"),
        ],
    ),
    "DateInterval": (
        "is no first and last day; write them as 2026-07-01/2026-07-31.",
        [
            *("", "2026-07-01", "2026-07-01/", "2026-07-31/2026-07-01", "2026-02-30/2026-03-01", "2026-07-01/P1M"),
            *("2026-07-01/2026-07-02/2026-07-03", "20260701/20260702", 7, None, ["2026-07-01/2026-07-31"]),
        ],
    ),
    "URL": (
        "is no address of a page; write one that begins with https://.",
        [
            "",
            "example.org",
            "javascript:alert(1)",
            "ftp://example.org",
            "https://",
            "https://a b.example",
            "http://[",
            7,
        ],
    ),
    "EmailAddress": (
        "is no e-mail address; write one as name@example.org.",
        ["", "ama", "ama@", "@example.org", "ama@example", "a b@example.org", "ama@example..org", "a@b@example.org", 7],
    ),
    "PhoneNumber": (
        "is no telephone number; write one with its country's code, as +21671000000.",
        ["", "71000000", "0021671000000", "+0123456", "+216 71 000 000", "+1234567890123456", "+", 21671000000],
    ),
    "CountryCode": (
        "is no code of a country; write two letters of ISO 3166-1, as TN.",
        ["", "TUN", "T", "T1", "Tunisia", "ТН", 20, None],
    ),
    "LanguageTag": (
        "is no language tag; write one of BCP 47, as fr or pt-BR.",
        ["", "f", "fr_FR", "fr-", "français", "fr-toolongsubtag", 7, None],
    ),
}


def scalar(name: str) -> GraphQLScalarType:
    found = schema._schema.type_map[name]
    assert isinstance(found, GraphQLScalarType)
    return found


@pytest.mark.parametrize("name,text,value", [(name, *pair) for name, pairs in TAKEN.items() for pair in pairs])
def test_what_is_one_is_taken(name: str, text: str, value: object) -> None:
    assert scalar(name).coerce_input_value(text) == value


@pytest.mark.parametrize("name,given_value", [(name, one) for name, (_, values) in REFUSED.items() for one in values])
def test_what_is_none_is_refused_with_a_sentence(name: str, given_value: Any) -> None:
    with pytest.raises(GraphQLError) as refusal:
        scalar(name).coerce_input_value(given_value)

    assert refusal.value.message == f"'{given_value}' {REFUSED[name][0]}"


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_very_long_is_not_said_again(name: str) -> None:
    with pytest.raises(GraphQLError) as refusal:
        scalar(name).coerce_input_value("@" * 100_000)

    assert len(refusal.value.message) < 200


@pytest.mark.parametrize("name", REFUSED)
@given(given_value=st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.lists(st.text())))
def test_whatever_is_given_is_taken_or_refused(name: str, given_value: Any) -> None:
    with suppress(GraphQLError):
        scalar(name).coerce_input_value(given_value)


@pytest.mark.parametrize("name", [definition.name for definition in SCALARS.values()])
def test_each_says_what_it_is_and_who_specified_it(name: str) -> None:
    assert name in TAKEN
    assert scalar(name).description
    assert (scalar(name).specified_by_url or "").startswith("https://")


@pytest.mark.parametrize(
    "value,told",
    [
        (datetime(2026, 3, 1, 14, tzinfo=timezone(timedelta(hours=2))), "2026-03-01T12:00:00+00:00"),
        (datetime(2026, 3, 1, 14), "2026-03-01T14:00:00"),  # noqa: DTZ001 -- what has no zone is given none
        ("2026-03-01T12:00:00+00:00", "2026-03-01T12:00:00+00:00"),
    ],
)
def test_moments_are_told_in_utc(value: object, told: str) -> None:
    assert scalar("DateTime").coerce_output_value(value) == told


@pytest.mark.parametrize(
    "filter,said",
    [
        ('{country: {code: {eq: "TUN"}}}', "'TUN' is no code of a country"),
        ('{joined: {gt: "last year"}}', "'last year' is no date"),
        ('{email: {eq: "ama"}}', "'ama' is no e-mail address"),
        ('{phone: {in: ["71000000"]}}', "'71000000' is no telephone number"),
        ('{website: {eq: "http://["}}', "'http://[' is no address of a page"),
        ('{languages: {some: {node: {tag: {eq: "fr_FR"}}}}}', "'fr_FR' is no language tag"),
        ('{talks: {some: {startsAt: {lt: "2026-03-01"}}}}', "'2026-03-01' is no time"),
    ],
)
async def test_a_client_is_told_the_sentence(query: Query, filter: str, said: str) -> None:
    document = "{ experts(filter: FILTER) { totalCount } }".replace("FILTER", filter)

    (error,) = (await query(document))["errors"]

    assert said in error["message"]
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_a_client_is_told_the_sentence_of_a_variable_too(query: Query) -> None:
    document = "query ($code: CountryCode!) { experts(filter: {country: {code: {eq: $code}}}) { totalCount } }"

    (error,) = (await query(document, code="TUN"))["errors"]

    assert "'TUN' is no code of a country; write two letters of ISO 3166-1, as TN." in error["message"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_code_in_small_letters_is_the_same_country(query: Query) -> None:
    document = "query ($code: CountryCode!) { experts(filter: {country: {code: {eq: $code}}}) { totalCount } }"

    small, large = [(await query(document, code=code))["data"] for code in ("tn", "TN")]

    assert small == large
    assert small["experts"]["totalCount"] > 1
