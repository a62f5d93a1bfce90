"""The languages that names and labels are kept in."""

from enum import StrEnum

import strawberry

__all__ = ["LanguageCode"]


@strawberry.enum(description="One of the six official languages of the United Nations.")
class LanguageCode(StrEnum):
    """The languages that names and labels are kept in."""

    EN = "en"
    FR = "fr"
    ES = "es"
    AR = "ar"
    RU = "ru"
    ZH = "zh"
