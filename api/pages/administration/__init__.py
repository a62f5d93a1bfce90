"""The pages for administrators: what concerns the whole network and everybody in it."""

from api.pages.administration.routes import administration

__all__ = ["administration"]
