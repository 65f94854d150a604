"""An officer sees where the account is signed in, and signs out everywhere."""

from __future__ import annotations


def test_the_account_page_lists_posts_and_sign_ins(visit):
    visit("li")
    here = visit("li")

    page = here.page("/account")

    assert "窗口受理岗 · 1 号窗口" in page
    assert page.count("就是这里") == 1
    assert page.count('<td class="mono">') == 2


def test_signing_out_everywhere_closes_every_session_of_the_account_and_no_other(visit):
    first, second, other = visit("li"), visit("li"), visit("wang")
    first.page("/account")

    answer = first.post("/account/sessions/close")

    assert answer.headers["Location"] == "/signin"
    for closed in (first, second):
        assert closed.get("/desk/").headers["Location"].startswith("/signin")
    assert other.get("/desk/").status_code == 200
