"""The pages for organisers: the board of events, and each event from its idea to who came."""

from fastapi import APIRouter

from api.pages.organise.agenda import agenda
from api.pages.organise.answers import answers
from api.pages.organise.attendance import attendance
from api.pages.organise.board import board
from api.pages.organise.candidacies import candidacies
from api.pages.organise.copying import copying
from api.pages.organise.coverage import coverage
from api.pages.organise.events import events
from api.pages.organise.letters import letters
from api.pages.organise.panel import panel
from api.pages.organise.shortlist import shortlist

__all__ = ["organise"]

organise = APIRouter(include_in_schema=False)
for part in (board, events, shortlist, candidacies, letters, panel, answers, attendance, coverage, copying, agenda):
    organise.include_router(part, prefix="/organise")
