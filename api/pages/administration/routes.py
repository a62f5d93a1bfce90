"""The rooms of the administration, each of which has its own module."""

from fastapi import APIRouter

from api.pages.administration.audit import audit
from api.pages.administration.consents import consents
from api.pages.administration.duplicates import duplicates
from api.pages.administration.erase import erase
from api.pages.administration.health import health
from api.pages.administration.home import home
from api.pages.administration.invitations import invitations
from api.pages.administration.load import load
from api.pages.administration.people import people
from api.pages.administration.sources import sources
from api.pages.administration.tokens import tokens

__all__ = ["administration"]

administration = APIRouter(include_in_schema=False)
for room in (home, load, sources, people, invitations, duplicates, erase, tokens, consents, audit, health):
    administration.include_router(room)
