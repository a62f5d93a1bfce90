"""What somebody typed into a form: its texts and numbers, and all of it to be shown once more where it is refused."""

from starlette.datastructures import FormData

__all__ = ["Typed", "number_of", "text_in", "typed_in"]


class Typed(dict[str, str]):
    """Texts by the names of their fields; an empty one for every field that has none."""

    def __missing__(self, name: str) -> str:
        """Nothing was typed there."""
        return ""


def typed_in(form: FormData | None) -> Typed:
    """The texts of a form."""
    return Typed({name: value for name, value in (form or {}).items() if isinstance(value, str)})


def text_in(form: FormData, name: str) -> str:
    """What was typed into a field; empty if nothing was."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def number_of(text: str) -> int:
    """A number that our own page wrote; -1, which nothing has, if somebody wrote something else there."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1
