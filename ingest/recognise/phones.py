"""Telephone numbers, by Google's phonenumbers."""

import re

import phonenumbers

from ingest.cells import Unfit, visible
from ingest.recognise.words import Doubtful, text_line

__all__ = ["looks_like_phone", "phone"]

FORM = phonenumbers.PhoneNumberFormat
# A plus sign and the fifteen digits that ITU-T E.164 allows, of which some plans have numbers that are longer.
LONGEST = 16
# What may stand beside a number: "Tel. +216 71 000 000", "mobile: ...".
BESIDE = re.compile(r"^[^\d+(]*[:.]?\s*")


def phone(text: str, *, country: str | None = None) -> str:
    """The number in the form of ITU-T E.164 ("+21671000000"), read as in ``country`` where it has no country's code.

    Raises:
        Doubtful: nothing tells the country, but with a plus sign it would be a number; or it has an extension.
        Unfit: it is no telephone number, or none of that country.
    """
    found = text_line(text)
    bare = BESIDE.sub("", found)
    bare = re.sub(r"^(\+\d[\d\s]*?)\s*\(0\)", r"\1", bare)
    # The prefix of ITU-T E.123 for calls abroad, which is understood nearly everywhere.
    if bare.startswith("00") and not bare.startswith("000"):
        bare = f"+{bare[2:]}"
    number = _parsed(bare, country)
    if number is not None:
        if number.extension:
            meant = str(phonenumbers.format_number(number, FORM.E164))
            raise Doubtful(
                f"'{visible(found)}' has an extension, which a number of E.164 cannot have",
                meant=meant,
                remedy=f"write {meant} if that reaches the person",
                value=found,
            )
        return str(phonenumbers.format_number(number, FORM.E164))
    guess = None if bare.startswith(("+", "0")) else _parsed(f"+{bare}", None)
    if guess is not None:
        meant = str(phonenumbers.format_number(guess, FORM.E164))
        raise Doubtful(
            f"'{visible(found)}' does not say its country's code",
            meant=meant,
            remedy=f"write {meant} if you mean that",
            value=found,
        )
    if country is None and not bare.startswith("+") and len(re.findall(r"\d", bare)) >= 5:
        raise Unfit(
            f"'{visible(found)}' does not say its country's code",
            remedy="write it such as +216 71 000 000, or say default_country in a mapping",
            value=found,
        )
    raise Unfit(
        f"'{visible(found)}' is not a telephone number in {country}"
        if country
        else f"'{visible(found)}' is not a telephone number",
        remedy="write it with its country's code, such as +216 71 000 000",
        value=found,
    )


def looks_like_phone(text: str) -> bool:
    """Whether a text is written as people write telephone numbers."""
    digits = re.sub(r"\D", "", text)
    return 6 <= len(digits) <= 15 and re.fullmatch(r"[+\d\s().\-/]+", text) is not None


def _parsed(text: str, country: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    is_short = len(phonenumbers.format_number(number, FORM.E164)) <= LONGEST
    return number if is_short and phonenumbers.is_valid_number(number) else None
