"""What gives way, and at how much: AWS's documented limits, our settings, and assumptions."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

PRODUCTION = Path(__file__).resolve().parents[2] / "infrastructure" / "stages" / "production.json"

# Documented by AWS.
PARTITION_WRITES = 1000.0  # units a second of one partition: of one key that sorts by time
NEW_TABLE_WRITES = 4000.0  # units a second of a table, or of an index, that was never busier
MAPPING_START, MAPPING_RAMP = 5.0, 300.0 / 60  # invocations at once; more of them a second
FUNCTION_RAMP = 1000.0 / 10  # processes a second that Lambda adds

# Ours: the queue of infrastructure/template.yaml, the function of zappa_settings.json.
VISIBILITY = 180  # seconds until a failed message comes again
RECEIVES = 3  # then the dead-letter queue
BATCH = 10.0  # messages an invocation takes, where there are so many
TIMEOUT = 30.0  # seconds of an invocation
SWEEP = 60  # seconds between two sweeps
SWEPT = 400.0  # messages a sweep sends at most


@dataclass(frozen=True)
class Setup:
    """A deployment, as far as load is concerned. Rates are per second.

    `requests` is API Gateway's throttle for all that has none of its own, as `checkouts` has.
    `warm` is what each table and index takes in write units; `sale` how long one
    transaction keeps a stock item to itself, in seconds; `status_parts` and `stock_parts`
    over how many keys a status of the index `order_standing`, and a SKU's stock, are spread.
    """

    requests: float
    checkouts: float
    reserved: float  # processes of the function
    mapping: float  # of them, for the order queue
    mails: float
    warm: float = NEW_TABLE_WRITES
    sale: float = 0.020
    status_parts: float = 1.0
    stock_parts: float = 1.0


def shipped_setup(file: Path = PRODUCTION) -> Setup:
    """Production as the repository has it, tables that are new, SES out of its sandbox."""
    stage = json.loads(file.read_text())
    return Setup(
        requests=stage["throttle"]["*"]["requests_per_second"],
        checkouts=stage["throttle"]["POST /api/v1/checkout/"]["requests_per_second"],
        reserved=stage["concurrency"]["shop"]["reserved"],
        mapping=stage["concurrency"]["shop"]["orders"],
        mails=14.0,  # AWS publishes no figure; what new production accounts were given
    )


SHIPPED, SETTINGS, CODE = "as shipped", "settings", "settings and code"


def setup_of(remedy: str, orders_a_minute: float) -> Setup:
    """What docs/scale.md advises for such a load: nothing, quotas and settings, or code too."""
    setup = shipped_setup()
    if remedy == SHIPPED or orders_a_minute <= 100:
        return setup
    if orders_a_minute <= 1000:
        return replace(setup, mails=30.0)
    raised = replace(
        setup,
        requests=20_000.0,
        checkouts=1000.0,
        reserved=3000.0,
        mapping=600.0,
        mails=1000.0,
        warm=16_000.0,
    )
    return raised if remedy == SETTINGS else replace(raised, status_parts=4.0, stock_parts=20.0)
