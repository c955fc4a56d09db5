"""AWS's list prices in US dollars, eu-central-1, without tax; and what AWS takes off each month.

No live price list was at hand: `seen` says where a copy of AWS's page, or a published table
of it, has the same figure. Where it is empty nobody has checked the figure but us. Compare
with the page of the service, or with https://calculator.aws, before you rely on it.
"""

from dataclasses import dataclass

from infrastructure.plans import PLANS
from telemetry import costs

REGION, NOTED = "eu-central-1", "2026-11-21"
MILLION = 1_000_000.0
THERE = "the price list that telemetry/costs.py names"
US_EAST = "us-east-1's is seen at {}; the region's own is not"


@dataclass(frozen=True)
class Price:
    """So many dollars for so many (`per`) of a unit; `page` is AWS's own."""

    usd: float
    per: float
    unit: str
    page: str
    seen: str = ""

    def of(self, quantity: float) -> float:
        return quantity * self.usd / self.per


def page(service: str) -> str:
    return f"https://aws.amazon.com/{service}/pricing/"


WRITES = Price(
    costs.WRITE_UNIT * MILLION, MILLION, "write units", page("dynamodb/on-demand"), THERE
)
READS = Price(costs.READ_UNIT * MILLION, MILLION, "read units", page("dynamodb/on-demand"), THERE)
TABLES = Price(0.306, 1, "GB-months", page("dynamodb/on-demand"))
RECOVERY = Price(0.2448, 1, "GB-months", page("dynamodb/on-demand"))
INVOCATIONS = Price(costs.LAMBDA_REQUEST * MILLION, MILLION, "requests", page("lambda"), THERE)
COMPUTE = Price(costs.LAMBDA_GB_SECOND, 1, "GB-seconds", page("lambda"), THERE)
API = Price(costs.GATEWAY_REQUEST * MILLION, MILLION, "requests", page("api-gateway"), THERE)
EDGE_REQUESTS = Price(1.20, MILLION, "requests", page("cloudfront"))
EDGE_BYTES = Price(0.085, 1, "GB", page("cloudfront"), "a copy of the page")
EDGE_FUNCTIONS = Price(0.10, MILLION, "requests", page("cloudfront"), "cur.vantage.sh")
QUEUES = Price(0.40, MILLION, "requests", page("sqs"))
MAILS = Price(0.10, 1000, "mails", page("ses"))
FILES = Price(0.0245, 1, "GB-months", page("s3"), "published tables of regions")
FILE_READS = Price(0.00043, 1000, "requests", page("s3"), "demo.wlid.nl")
FILE_WRITES = Price(0.0054, 1000, "requests", page("s3"))
LOGS = Price(0.63, 1, "GB", page("cloudwatch"), US_EAST.format("hykell.com (0.50)"))
LOG_STORAGE = Price(0.0324, 1, "GB-months", page("cloudwatch"), US_EAST.format("hykell.com (0.03)"))
LOG_QUERIES = Price(0.0063, 1, "GB read", page("cloudwatch"))
METRICS = Price(0.30, 1, "metrics", page("cloudwatch"))
ALARMS = Price(0.10, 1, "alarms", page("cloudwatch"))
DASHBOARDS = Price(3.00, 1, "dashboards", page("cloudwatch"), "coralogix.com")
FIREWALLS = Price(5.00, 1, "web ACLs", page("waf"), "c3x.dev; AWS: the same in all regions")
FIREWALL_RULES = Price(1.00, 1, "rules", page("waf"), "c3x.dev; AWS: the same in all regions")
FIREWALL_REQUESTS = Price(
    0.60, MILLION, "requests", page("waf"), "c3x.dev; AWS: the same in all regions"
)
SECRETS = Price(0.40, 1, "secrets", page("secrets-manager"))
KEYS = Price(1.00, 1, "keys", page("kms"))
ZONES = Price(0.50, 1, "zones", page("route53"))
TRACES = Price(5.00, MILLION, "traces", page("xray"))

# What every account gets each month without end, as long as it has no other stage that uses it
# up. Not what ends after a year (API Gateway, S3, SES).
ALLOWANCES = {
    EDGE_REQUESTS: 10 * MILLION,
    EDGE_BYTES: 1000.0,
    EDGE_FUNCTIONS: 2 * MILLION,
    INVOCATIONS: MILLION,
    COMPUTE: 400_000.0,
    TABLES: 25.0,
    QUEUES: MILLION,
    LOGS: 5.0,
    METRICS: 10.0,
    ALARMS: 10.0,
    DASHBOARDS: 3.0,
    TRACES: 100_000.0,
}
ALLOWANCES_PAGE = "https://aws.amazon.com/free/"


def plan_price(name: str) -> Price:
    """Of one of CloudFront's flat-rate plans, firewall and its requests included."""
    return Price(PLANS[name].usd, 1, "plans", page("cloudfront"), "a copy of AWS's guide")
