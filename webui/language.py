"""Two languages: texts are written in Chinese, webui/translations/en holds the English ones. Days in words."""

from __future__ import annotations

import re
from datetime import date, datetime

import flask_babel
from flask import Flask, Response, g, request

from engine.clock import ZONE, local_date
from engine.clock import now as clock_now

LANGUAGES = ("zh", "en")
COOKIE = "language"
WEEKDAYS = "一二三四五六日"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NUMERAL = "[零一二三四五六七八九十百]+"
ARTICLE = re.compile(f"第({NUMERAL})条(?:第({NUMERAL})款)?(?:第({NUMERAL})项)?")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def gettext(text: str, **values: object) -> str:
    """Return a text in the page's language, with its named values."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, num: int) -> str:
    """Return a text that counts, in the page's language."""
    return str(flask_babel.ngettext(one, many, num))


def chosen() -> str:
    """Return zh or en: what the address says, else the cookie, else the account, else the browser."""
    if not request:
        return "zh"
    officer = g.get("officer")
    wishes = (request.args.get("lang"), request.cookies.get(COOKIE), officer.language if officer else None)
    return next((w for w in wishes if w in LANGUAGES), request.accept_languages.best_match(LANGUAGES, "zh"))


def is_english() -> bool:
    """Return whether the page is in English."""
    return chosen() == "en"


def pick(name: str, name_en: str | None) -> str:
    """Return the name in the page's language; the Chinese one where there is no other."""
    return name_en if name_en and is_english() else name


def day(on: date, today: date | None = None) -> str:
    """Return `10月20日 周二` or `Tue 20 Oct`, with the year when it is not this one."""
    today = today or local_date(clock_now())
    if is_english():
        year = f" {on.year}" if on.year != today.year else ""
        return f"{DAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]}{year}"
    year = f"{on.year}年" if on.year != today.year else ""
    return f"{year}{on.month}月{on.day}日 周{WEEKDAYS[on.weekday()]}"


def day_or_today(on: date, today: date) -> str:
    """Return the day, and `今天` before it when it is today."""
    return gettext("今天 %(day)s", day=short_day(on)) if on == today else day(on, today)


def short_day(on: date) -> str:
    """Return `10月20日` or `20 Oct`."""
    return f"{on.day} {MONTHS[on.month - 1]}" if is_english() else f"{on.month}月{on.day}日"


def long_day(on: date) -> str:
    """Return the day with its year, as papers have it: `2026年10月20日（周二）` or `Tue 20 Oct 2026`."""
    if is_english():
        return f"{DAYS[on.weekday()]} {on.day} {MONTHS[on.month - 1]} {on.year}"
    return f"{on.year}年{on.month}月{on.day}日（周{WEEKDAYS[on.weekday()]}）"


def moment(at: datetime) -> str:
    """Return local day and time: `10月20日 09:41` or `20 Oct 09:41`; with the year when it is not this one."""
    local = at.astimezone(ZONE)
    this_year = local.year == local_date(clock_now()).year
    if is_english():
        return f"{short_day(local.date())}{'' if this_year else f' {local.year}'} {local:%H:%M}"
    return f"{'' if this_year else f'{local.year}年'}{short_day(local.date())} {local:%H:%M}"


def long_moment(at: datetime) -> str:
    """Return day with its year, and time, as papers have it: `2026年10月20日 09:41` or `20 Oct 2026 09:41`."""
    local = at.astimezone(ZONE)
    return (
        f"{short_day(local.date())} {local:%Y %H:%M}"
        if is_english()
        else f"{local:%Y}年{short_day(local)} {local:%H:%M}"
    )


def article(number: str) -> str:
    """Return `第三十二条第一款` as it is, or as `art. 32(1)`; a number that reads otherwise is left."""
    found = ARTICLE.fullmatch(number)
    if not (found and is_english()):
        return number
    main, *parts = (str(_numeral(part)) for part in found.groups() if part)
    return f"art. {main}{''.join(f'({part})' for part in parts)}"


def _numeral(text: str) -> int:
    """Return a Chinese number below a thousand."""
    total, digit = 0, 0
    for sign in text:
        if sign in "十百":
            total += (digit or 1) * {"十": 10, "百": 100}[sign]
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(sign)
    return total + digit


def hour(at: datetime) -> str:
    """Return the local time of day."""
    return f"{at.astimezone(ZONE):%H:%M}"


def days_left(left: int, amount: int) -> str:
    """Return `剩 3/7`, `今天止 0/1` or `超 2 日`: whole days after today, of the whole limit."""
    if left > 0:
        return gettext("剩 %(left)d/%(amount)d", left=left, amount=amount)
    if left == 0:
        return gettext("今天止 0/%(amount)d", amount=amount)
    return ngettext("超 %(num)d 日", "超 %(num)d 日", -left)


def size(number: int) -> str:
    """Return a file's size in words."""
    return f"{number / 1_048_576:.1f} MB" if number >= 1_048_576 else f"{max(1, round(number / 1024))} KB"


def install(app: Flask) -> None:
    """Set up Flask-Babel, the filters, and the cookie that keeps `?lang=`."""
    app.config["BABEL_DEFAULT_LOCALE"] = "zh"
    flask_babel.Babel(app, locale_selector=chosen)
    filters = (day, day_or_today, short_day, long_day, moment, long_moment, article, hour, size)
    app.jinja_env.filters.update({function.__name__: function for function in filters})
    app.jinja_env.globals.update(pick=pick, is_english=is_english, days_left=days_left)

    @app.after_request
    def keep(response: Response) -> Response:
        wish = request.args.get("lang")
        if wish in LANGUAGES:
            response.set_cookie(
                COOKIE, wish, max_age=31_536_000, samesite="Lax", httponly=True, secure=request.is_secure
            )
        return response
