"""An inspector who signed by mistake takes the signature back on the step's page."""

from __future__ import annotations

from tests import county
from tests.county import do, file, step

INSPECT = "site_inspection/inspect"


def test_the_page_offers_to_take_a_signature_back(town, visit):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")
    do(town, "chen", filed.case, INSPECT, "fail")
    key = step(filed.case, INSPECT).id
    chen, liu = visit("chen"), visit("liu")
    assert "收回签名" in chen.page(f"/desk/steps/{key}")
    assert "收回签名" not in liu.page(f"/desk/steps/{key}")

    chen.page(f"/desk/steps/{key}")
    answer = chen.post(f"/desk/steps/{key}/signature/take-back")

    assert answer.status_code == 303
    assert "step.unsigned" in county.types(filed.number)
    page = chen.page(f"/desk/steps/{key}")
    assert "您的签名已收回" in page
    assert "data-claim" in page
