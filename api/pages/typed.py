"""What somebody typed into a form, to be shown once more where it is refused."""

from starlette.datastructures import FormData

__all__ = ["Typed", "typed_in"]


class Typed(dict[str, str]):
    """Texts by the names of their fields; an empty one for every field that has none."""

    def __missing__(self, name: str) -> str:
        """Nothing was typed there."""
        return ""


def typed_in(form: FormData | None) -> Typed:
    """The texts of a form."""
    return Typed({name: value for name, value in (form or {}).items() if isinstance(value, str)})
