"""The rooms of the administration, each of which has its own module."""

from fastapi import APIRouter

from api.pages.administration.home import home
from api.pages.administration.load import load

__all__ = ["administration"]

administration = APIRouter(include_in_schema=False)
for room in (home, load):
    administration.include_router(room)
