"""What somebody typed into a form, to be shown once more where it is refused."""

from collections import defaultdict
from collections.abc import Mapping

from starlette.datastructures import FormData

__all__ = ["typed_in"]


def typed_in(form: FormData | None) -> Mapping[str, str]:
    """The texts of a form by their names; empty ones for what it does not have."""
    return defaultdict(str, {name: value for name, value in (form or {}).items() if isinstance(value, str)})
