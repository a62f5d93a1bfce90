"""Whether anybody may sign in as a sample person without proving anything: on this machine, among invented people only.

``knowwho demo`` asks for it; no setting does. Three more things must hold with each request, whoever asked for it: the
network says that it is fictional, the server listens on loopback alone and has no public address, and the request
itself comes from this machine and to a loopback name.
"""

import ipaddress
from collections.abc import Mapping

from fastapi import Request

from api.network import OpenNetwork
from api.settings import ServerSettings
from graph import accounts
from graph.accounts import Account
from graph.network import describe
from graph.values import ExpertId
from graph.viewer import PUBLIC, Role, Viewer

__all__ = ["SAMPLE_PEOPLE", "is_demo", "sample_account"]

SAMPLE_PEOPLE: Mapping[Role, tuple[ExpertId, str]] = {
    Role.MEMBER: (ExpertId("grace-nakimuli"), "member@example.org"),
    Role.ORGANISER: (ExpertId("aissatou-ndiaye-sarr"), "organiser@example.org"),
    Role.ADMINISTRATOR: (ExpertId("afi-kodjovi-amegan"), "administrator@example.org"),
}
"""Whom one can sign in as: a person of the sample network for each role, and the address of their account."""

DEMO = Viewer(Role.ADMINISTRATOR, actor="demo")


async def is_demo(request: Request) -> bool:
    """Whether a request may sign in as a sample person; what is read of the network is read now."""
    settings: ServerSettings = request.app.state.settings
    if not request.app.state.demo or settings.public_url is not None:
        return False
    came_from = request.client.host if request.client else ""
    if not all(map(_is_loopback, (settings.host, came_from, request.url.hostname or ""))):
        return False
    network: OpenNetwork = request.app.state.network
    described = await describe(network.graph, PUBLIC)
    return described is not None and described.is_fictional


async def sample_account(request: Request, *, role: Role) -> Account:
    """The account of the sample person of a role, made when somebody first signs in as them."""
    network: OpenNetwork = request.app.state.network
    expert, email = SAMPLE_PEOPLE[role]
    try:
        return await accounts.by_email(network.graph, DEMO, email=email)
    except accounts.NoSuchAccount:
        return await accounts.create(network.graph, DEMO, email=email, role=role, expert=expert)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
