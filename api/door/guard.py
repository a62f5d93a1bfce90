"""What stands around an application, whatever it answers: headers, addresses, the log, names, sizes."""

from fastapi import FastAPI
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.door.bodies import BodyLimits
from api.door.headers import SecurityHeaders
from api.door.hosts import TrustedHosts
from api.door.refusals import Answered, as_text
from api.door.requests import RequestLog, Sorry, as_json
from api.settings import ServerSettings

__all__ = ["guard"]


def guard(app: FastAPI, settings: ServerSettings, *, sorry: Sorry = as_json, refused: Answered = as_text) -> None:
    """Put the guards around an application; to be called after it has got its own middleware.

    ``sorry`` makes the answer where something went wrong, ``refused`` where a guard does not let a request in.
    """
    # The one added last sees a request first, and an answer last.
    app.add_middleware(BodyLimits, settings=settings, refused=refused)
    app.add_middleware(TrustedHosts, settings=settings, refused=refused)
    app.add_middleware(RequestLog, settings=settings, sorry=sorry)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=[str(network) for network in settings.trusted_proxies])
    app.add_middleware(SecurityHeaders, settings=settings)
