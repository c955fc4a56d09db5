"""What API Gateway refuses of a deployed stage, and that the function hears nothing of it."""

from infrastructure.stages import Stage
from tests.infrastructure.shoppers import Shopper
from tests.infrastructure.watching import DEADLINE, HIDDEN, idle, invocations, wait_for

SWEEP = "shop-staging-shop.events.sweep_outbox"
REFUSED = {
    "type": "about:blank",
    "title": "Bad Request",
    "status": 400,
    "detail": "The body is not JSON, or not as the schema says.",
    "code": "invalid",
    # The local AWS does not know the variable; AWS says here what is wrong.
    "errors": {"non_field_errors": ["$context.error.validationErrorString"]},
}


def the_gateway_refuses(stage: Stage, shopper: Shopper) -> None:
    """Malformed and mistyped bodies, without the function; what only the shop can know, with it."""
    rules = stage.client("events")
    rules.disable_rule(Name=SWEEP)  # its ticks are calls too
    # The update may have ended a call with its message; it comes again.
    wait_for(idle, "the end of all work", HIDDEN + DEADLINE)
    try:
        bodies_are_refused(shopper)
    finally:
        rules.enable_rule(Name=SWEEP)


def bodies_are_refused(shopper: Shopper) -> None:
    before = invocations()
    for path, body in (
        ("cart/lines/", b'{"sku": "MUG-RED", "quantity": 2'),
        ("cart/lines/", b'{"sku": "MUG-RED", "quantity": "2"}'),
        ("cart/lines/", b'{"quantity": 2}'),
        ("checkout/", b'{"email": 5}'),
        ("auth/token/", b"[]"),
    ):
        assert shopper.refused(path, body) == (400, REFUSED, "BadRequestException")
    assert invocations() == before
    status, problem, kind = shopper.refused("auth/token/", b'{"username": "a", "password": "b"}')
    assert (status, problem["status"], kind) == (401, 401, None)
    wait_for(lambda: invocations() == before + 1, "the log of a call")
