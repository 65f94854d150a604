"""What every answer carries, who may ask how often, and which host names are ours."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

from flask import Flask, Response, abort, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from engine.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=31536000"
MEBIBYTE = 1024 * 1024


class Id(IntegerConverter):
    """A number in an address: none is larger than the database can hold."""

    def __init__(self, map: Map, **how: Any) -> None:
        super().__init__(map, **{"max": 2**31 - 1, **how})


csrf = CSRFProtect()
limiter = Limiter(get_remote_address)


def install(app: Flask, settings: Settings) -> None:
    """Set up cookies, CSRF, rate limits, host names and headers."""
    app.url_map.converters["int"] = Id
    app.secret_key = settings.secret_key
    app.config.update(
        SESSION_COOKIE_NAME="sunlit",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.trusted_proxies > 0,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open overnight must not lose what was typed
        WTF_CSRF_SSL_STRICT=True,
        MAX_CONTENT_LENGTH=21 * MEBIBYTE,  # one material of 20 MB with its form
        MAX_FORM_MEMORY_SIZE=2 * MEBIBYTE,
        RATELIMIT_STORAGE_URI=_storage(settings.redis_url),
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,  # Redis may go away at any time; nobody is kept out by that
        RATELIMIT_HEADERS_ENABLED=True,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    csrf.init_app(app)
    app.after_request(_as_told)  # runs after those that are named below
    limiter.init_app(app)
    app.after_request(_told)
    proxied = settings.trusted_proxies > 0

    @app.before_request
    def check_host() -> None:
        if not proxied and not is_own_host(request.host):
            abort(400, "host")
        if any("\0" in value for source in (request.args, request.form) for value in source.values()):
            abort(400)

    @app.before_request
    def check_text() -> None:
        """No text has a NUL in it, and PostgreSQL takes none."""
        texts = [*(request.view_args or {}).values(), *request.args.values()]
        if any("\0" in str(text) for text in (*texts, *(v for _, vs in request.form.lists() for v in vs))):
            abort(400)

    @app.after_request
    def add_headers(response: Response) -> Response:
        return with_headers(response, secure=request.is_secure, private=g.get("officer") is not None)


def _storage(redis_url: str) -> str:
    """Return where tries are counted: in Redis when there is one, else in each process."""
    return f"redis+{redis_url}" if redis_url.startswith("unix://") else redis_url or "memory://"


def with_headers(response: Response, *, secure: bool, private: bool) -> Response:
    """Add the headers; pages of signed-in people are kept nowhere."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if private or response.headers.get("Set-Cookie"):
        response.headers["Cache-Control"] = "no-store"
    if secure:
        response.headers["Strict-Transport-Security"] = HSTS
    return response


def is_own_host(host: str) -> bool:
    """Return whether a Host header can be ours: an address, localhost, or this machine's own name.

    Names that others control could be pointed at us by them (DNS rebinding). Behind a proxy the proxy checks names.
    """
    name = host.rsplit(":", 1)[0] if host.rpartition(":")[2].isdecimal() else host
    name = name.strip("[]").lower()
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith(".localhost") or name in _own_names()
    return True


def _own_names() -> frozenset[str]:
    return frozenset({socket.gethostname().lower(), socket.getfqdn().lower()})


def _told(response: Response) -> Response:
    """Keep what the page says of when to come again: the limiter puts its own reckoning there, rounded down."""
    g.retry_after = response.headers.get("Retry-After")
    return response


def _as_told(response: Response) -> Response:
    if retry_after := g.get("retry_after"):
        response.headers["Retry-After"] = retry_after
    return response
