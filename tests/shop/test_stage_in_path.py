"""Behind API Gateway's own address the stage comes before the path: `/dev/api/...`."""

from unittest.mock import Mock

import pytest
from django.http import HttpResponse, JsonResponse
from django.test import RequestFactory

from dynamodb.errors import ScanForbidden
from shop.api.errors import bad_request
from shop.api.failures import server_error
from shop.api.scans import ForbidScansMiddleware
from shop.api.unit_of_work import UnitOfWorkMiddleware
from shop.models import IdempotencyKey

KEY = "0123456789abcdef"


@pytest.fixture
def staged(rf: RequestFactory):
    """A request below the stage `dev`, with a cart's token and an idempotency key."""
    return rf.post(
        "/api/v1/checkout/",
        SCRIPT_NAME="/dev",
        headers={"Idempotency-Key": KEY, "Cart-Token": "mine"},
    )


def test_scans_are_forbidden(staged, db):
    def view(request):
        return HttpResponse(len(IdempotencyKey.objects.filter(status=200)))

    with pytest.raises(ScanForbidden):
        ForbidScansMiddleware(view)(staged)


def test_a_request_is_a_unit_of_work(staged, db):
    view = Mock(return_value=JsonResponse({"done": 1}))
    UnitOfWorkMiddleware(view)(staged)
    assert IdempotencyKey.objects.count() == 1


def test_the_stage_is_no_other_request(staged, rf, db):
    """GIVEN an answer kept under the gateway's address WHEN asked under a domain THEN the same."""
    view = Mock(return_value=JsonResponse({"done": 1}))
    UnitOfWorkMiddleware(view)(staged)
    headers = {"Idempotency-Key": KEY, "Cart-Token": "mine"}
    answer = UnitOfWorkMiddleware(view)(rf.post("/api/v1/checkout/", headers=headers))
    assert (answer.status_code, view.call_count) == (200, 2)  # the second is rolled back
    assert answer["Idempotent-Replayed"] == "true"


def test_errors_are_problems(staged):
    for answer in (server_error(staged), bad_request(staged, ValueError())):
        assert answer["Content-Type"] == "application/problem+json"
