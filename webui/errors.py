"""From errors to answers: HTTP codes live here only. Each page says what happened, why, and the way out."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine.errors import CaseInFault, EngineFault, Invalid, NotFound, Refused, Stale, SunlitError, TooManyTries
from webui.language import gettext
from webui.messages import finding, message

KINDS: tuple[tuple[type[SunlitError], int], ...] = (
    (TooManyTries, 429),
    (EngineFault, 409),
    (Refused, 403),
    (Stale, 409),
    (NotFound, 404),
    (Invalid, 422),
)
TITLES = {
    400: lazy_gettext("这个请求读不懂"),
    403: lazy_gettext("这一步不能由您办"),
    404: lazy_gettext("没有这个办件，或者不归您看"),
    405: lazy_gettext("这个地址不能这样用"),
    409: lazy_gettext("别人先办了"),
    413: lazy_gettext("文件太大"),
    422: lazy_gettext("没有收下"),
    429: lazy_gettext("请求太密"),
    500: lazy_gettext("程序出错了"),
}
WHYS = {
    400: lazy_gettext("页面可能开得太久，或者地址、内容不完整。请返回上一页，刷新后再试；您填过的内容在草稿里。"),
    403: lazy_gettext("您的岗位看不到这一页。确需查看的，请系统管理员为您配置岗位（须两人办理）。"),
    404: lazy_gettext("请核对受理号或地址。"),
    405: lazy_gettext("请从页面上的按钮进入。"),
    413: lazy_gettext(
        "每份材料不超过 20 MB，一次一共也不超过 20 MB。请压缩后再传，或者一份一份传；您填过的内容在草稿里。"
    ),
    429: lazy_gettext("请过一分钟再试。"),
    500: lazy_gettext("错误已记入运行日志，您的操作没有生效。请再试一次；还不行就告诉值班人员。"),
}


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """An error page. `traced`: the refusal stands in the trace."""

    code: int
    title: str
    why: str
    findings: tuple[str, ...] = ()
    traced: bool = False


def status_of(error: SunlitError) -> int:
    """Return the HTTP code of an engine error."""
    return next((code for kind, code in KINDS if isinstance(error, kind)), 500)


def headers_of(error: SunlitError) -> dict[str, str]:
    """Return the headers that go with an engine error: after how many seconds a next try is admitted."""
    return {"Retry-After": str(error.seconds)} if isinstance(error, TooManyTries) and error.seconds else {}


def _title(error: SunlitError) -> str:
    if isinstance(error, EngineFault | CaseInFault):
        return gettext("流程出错")
    return str(TITLES[status_of(error)])


def install(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(SunlitError, _engine)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.context_processor(lambda: {"message": message})


def _engine(error: SunlitError) -> ResponseReturnValue:
    code = status_of(error)
    findings = tuple(finding(f) for f in error.findings) if isinstance(error, Invalid) else ()
    traced = isinstance(error, Refused)
    trouble = Trouble(code=code, title=_title(error), why=message(error), findings=findings, traced=traced)
    response = make_response(answer(trouble))
    response.headers.update(headers_of(error))
    return response


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.get_response()
    code = error.code or 500
    if code < 400:
        return error.get_response()
    title, why = TITLES.get(code, TITLES[400]), WHYS.get(code, WHYS[400])
    if code == 403:
        title = lazy_gettext("这一页不归您看")
    if code == 413 and not g.get("officer"):
        why = gettext(
            "一次一共不超过 20 MB，这次没有交出去。请返回上一页，少传几份或者压缩照片后再交；传不上去的交到窗口。"
        )
    if code == 400 and error.description == "host":
        why = gettext("这个主机名不是本机的：%(host)s。请用本机的地址打开。", host=request.host)
    headers = [(name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")]
    response = make_response(answer(Trouble(code=code, title=str(title), why=str(why))))
    response.headers.extend(headers)
    return response


def _csrf(_: CSRFError) -> ResponseReturnValue:
    return answer(Trouble(code=400, title=str(TITLES[400]), why=str(WHYS[400])))


def answer(trouble: Trouble) -> ResponseReturnValue:
    """Return the page of an error; for htmx only the notice."""
    template = "notice.html" if request.headers.get("HX-Request") else "trouble.html"
    home = url_for("signin.home") if g.get("officer") else url_for("signin.form")
    return render_template(template, trouble=trouble, home=home, back=_back()), trouble.code


def _back() -> str:
    """Return the address of the page whose form was refused; what was typed there is in its draft."""
    came_from = request.referrer or ""
    if request.method != "POST" or not g.get("officer") or not came_from.startswith(request.url_root):
        return ""
    path = "/" + came_from.removeprefix(request.url_root)
    return path if _is_page(path) else ""


def _is_page(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path.partition("?")[0], method="GET")
    except HTTPException:
        return False
    return True
