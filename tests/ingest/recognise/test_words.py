"""How words are compared."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.recognise import near, plain


def test_case_accents_and_punctuation_do_not_matter() -> None:
    assert plain("  Côte  d’Ivoire ") == plain("COTE D'IVOIRE") == "cote d ivoire"
    assert plain("الإمارات") == plain("الامارات")
    assert plain("Straße") == "strasse"


def test_one_near_name_is_found_and_two_are_none() -> None:
    assert near("tunesia", {"tunisia": "TN", "france": "FR"}) == ("tunisia", "TN")
    assert near("malia", {"malin": "A", "malib": "B"}) is None
    assert near("mal", {"mali": "ML"}) is None


@given(st.text())
def test_a_plain_word_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)
