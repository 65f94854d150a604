"""The web application: settings in, WSGI application out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, request
from flask.typing import ResponseReturnValue
from whitenoise import WhiteNoise

from engine import clock, commands
from engine.db import store
from engine.settings import settings
from webui import (
    account,
    ahead,
    assets,
    audit,
    cardissue,
    cards,
    demo,
    documents,
    errors,
    health,
    inbox,
    keys,
    language,
    matrix,
    mending,
    monitor,
    moves,
    nav,
    office,
    outcomes,
    people,
    portal,
    recusal,
    roles,
    rotation,
    security,
    signin,
    staffing,
    stuck,
    window,
    words,
)

BLUEPRINTS = (
    *(signin.bp, account.bp, demo.bp, window.bp, monitor.bp, cards.bp, cardissue.bp),
    *(audit.bp, office.bp, moves.bp, people.bp, recusal.bp, portal.bp, documents.bp, matrix.bp),
    *(inbox.bp, mending.bp, rotation.bp, staffing.bp, ahead.bp, stuck.bp),
)
HTMX = (
    '{"allowEval":false,"includeIndicatorStyles":false,"selfRequestsOnly":true,"historyCacheSize":0,"responseHandling":['
    '{"code":"204|304","swap":false},{"code":"[23]..","swap":true},{"code":"[45]..","swap":false,"error":true}]}'
)


def create_app() -> Flask:
    """Build the application; no state of its own but the settings.

    Raises:
        NoRole: a route does not say who may see it.
    """
    app = Flask(__name__, static_folder=None)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    signin.install(app)  # first: a page that tells of an error knows who reads it
    security.install(app, settings())
    language.install(app)
    errors.install(app)
    keys.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.add_url_rule("/healthz", view_func=_healthz)
    roles.install(app)
    app.context_processor(_frame)
    app.wsgi_app = _with_static(app.wsgi_app)  # type: ignore[method-assign] # as Flask's manual does
    return app


@roles.role(roles.PUBLIC)
def _healthz() -> ResponseReturnValue:
    return health.health()


def _frame() -> dict[str, Any]:
    """What base.html needs on every page."""
    now = clock.now()
    return {
        "asset": assets.asset,
        "audience_names": nav.NAMES,
        "default_audience": nav.default_audience,
        "demo": settings().demo,
        "here": request.endpoint,
        "htmx_config": HTMX,
        "language": language.chosen(),
        "links": nav.links,
        "my_posts": nav.my_posts,
        "now": now,
        "pango": commands.PANGO,
        "officer": g.get("officer"),
        "other_language": _other_language(),
        "outcome_word": outcomes.outcome,
        "signer_word": words.signer,
        "state_word": outcomes.state,
        "today": clock.local_date(now),
        "unsecured": words.joined(words.post(post, store.book()) for post in roles.unsecured()),
    }


def _other_language() -> str:
    """Return the address of this page in the other language."""
    arguments = request.args.to_dict(flat=False) | {"lang": ["zh" if language.is_english() else "en"]}
    path = request.path if request.method == "GET" else "/"
    return f"{path}?{urlencode(arguments, doseq=True)}"


def _with_static(wsgi: Any) -> WhiteNoise:
    def headers(extra: Any, _path: str, _url: str) -> None:
        for name, value in security.HEADERS.items():
            extra[name] = value

    return WhiteNoise(
        wsgi,
        root=str(assets.DIST),
        prefix="static/",
        immutable_file_test=assets.is_immutable,
        add_headers_function=headers,
        allow_all_origins=False,
    )
