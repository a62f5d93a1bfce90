"""What people call the browsers that sessions are on."""

from ua_parser import parse

from graph.wording import Wording

__all__ = ["browser_named"]


def browser_named(agent: str) -> str:
    """Which browser and system a session is on, as far as what the browser called itself tells.

    The first time, the table of browsers is read, which takes a third of a second.
    """
    told = parse(agent)
    if told.user_agent and told.os:
        return Wording("%(browser)s on %(system)s", browser=told.user_agent.family, system=told.os.family)
    if told.os:
        return Wording("A browser on %(system)s", system=told.os.family)
    return told.user_agent.family if told.user_agent else agent or Wording("A browser without a name")
