"""Settings, all from the environment: the same code runs on a laptop and on Lambda.

The defaults are those of production: debugging off, secrets required, cookies for
HTTPS only. `make run` and the tests set what a laptop needs.
"""

from collections.abc import Collection
from datetime import timedelta
from importlib.util import find_spec
from os import environ
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from limits.rates import with_changes
from shop import public_url
from shop.secret_key import read_secret_keys
from telemetry.logging_config import LEVELS, logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
ON, OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")


def choice(name: str, default: str, choices: Collection[str]) -> str:
    """The environment variable, written as among the choices, whatever its case.

    Raises ImproperlyConfigured, with the choices, for what is none of them.
    """
    value = environ.get(name, default)
    for each in choices:
        if value.lower() == each.lower():
            return each
    listed = ", ".join(filter(None, choices))
    raise ImproperlyConfigured(f"{name} is {value!r}: set it to one of {listed}.")


def flag(name: str, default: bool = False) -> bool:
    """The environment variable as a switch. Raises ImproperlyConfigured if it is none."""
    return choice(name, str(default), (*ON, *OFF)) in ON


def whole(name: str, default: int) -> int:
    """The environment variable as a whole number above 0. Raises ImproperlyConfigured."""
    value = environ.get(name, str(default))
    if not (value.isascii() and value.isdigit() and int(value)):
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to a whole number above 0.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """The environment variable as a list, split at commas."""
    return [word.strip() for word in environ.get(name, default).split(",") if word.strip()]


AWS_REGION = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION", "eu-central-1")

DEBUG = flag("SHOP_DEBUG")
SECRET_KEY, *EARLIER_KEYS = read_secret_keys(environ, AWS_REGION)
SECRET_KEY_FALLBACKS = [*EARLIER_KEYS, *words("SHOP_SECRET_KEY_FALLBACKS")]

# Where customers find the shop: scheme, host and path of all that it emits, whatever a request
# says. Without it, on a laptop, they are those of the request, its host one of these.
PUBLIC_URL = environ.get("SHOP_PUBLIC_URL", "")
public = public_url.parse(PUBLIC_URL)
ALLOWED_HOSTS = [public.host] if public else words("SHOP_ALLOWED_HOSTS")
FORCE_SCRIPT_NAME = public.path if public else None
CSRF_TRUSTED_ORIGINS = words("SHOP_CSRF_TRUSTED_ORIGINS")
SILENCED_SYSTEM_CHECKS = words("SHOP_SILENCED_CHECKS")

INSTALLED_APPS = [
    "backoffice",  # before the admin, whose templates it extends
    "shop",  # before REST framework, for the same reason
    "backoffice.apps.LateAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "storages",
    "dynamodb",
    "bodies",
    "outbox",
    "mails",
    "payments",
    "pricing",
    "limits",
    "catalog",
    "customers",
    "cart",
    "orders",
    "storefront",
]

MIDDLEWARE = [
    "telemetry.middleware.TelemetryMiddleware",
    "shop.api.failures.FailureMiddleware",
    "shop.api.addresses.PublicAddressMiddleware",
    "shop.api.addresses.ViewerAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "shop.api.compression.CompressionMiddleware",
    "shop.api.formats.FormatMiddleware",
    "shop.api.caching.CacheControlMiddleware",
    "shop.api.languages.LanguageMiddleware",
    "shop.api.sizes.RequestSizeMiddleware",
    "shop.api.sessions.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "shop.api.sessions.CsrfViewMiddleware",
    "shop.api.sessions.AuthenticationMiddleware",
    "shop.api.sessions.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shop.api.scans.ForbidScansMiddleware",
    "shop.api.unit_of_work.UnitOfWorkMiddleware",
    "shop.api.query.KnownParametersMiddleware",
]

# Where the browsable API's login leads, and who needs one is led: addresses that there are.
LOGIN_URL, LOGIN_REDIRECT_URL = "rest_framework:login", "root"

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": {
        "ENGINE": "dynamodb",
        "NAME": environ.get("SHOP_TABLE_PREFIX", "shop-"),
        "OPTIONS": {
            "region": AWS_REGION,
            "scan": environ.get("SHOP_SCAN", "allow"),
            "ttl": {"django_session": "expire_date"},
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Each app has its own words in locale/; docs/texts.md says how another language is added.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
# It speaks to people, and is no app: its models' module imports Django's test client.
SIMPLE_JWT_PLACE = find_spec("rest_framework_simplejwt")
LOCALE_PATHS = [Path(SIMPLE_JWT_PLACE.origin or "").with_name("locale")] if SIMPLE_JWT_PLACE else []
TIME_ZONE = "UTC"
USE_TZ = True

# HTTPS only, unless the public address, or a laptop that has none, says otherwise.
INSECURE_HTTP = public.scheme == "http" if public else flag("SHOP_INSECURE_HTTP")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_HTTP
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = FORCE_SCRIPT_NAME or "/"
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 31_536_000
SECURE_PROXY_SSL_HEADER = None if public or INSECURE_HTTP else ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
# Bytes in all: Lambda takes an event of 6 MB, in which a body is a third longer, and headers.
LARGEST_REQUEST = 4_700_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes of a request's body, files apart

# Files: product images on S3, shown from a CDN; the admin's static files beside them.
IMAGE_BUCKET = environ.get("SHOP_IMAGE_BUCKET", "shop-images")
IMAGE_BASE_URL = environ.get("SHOP_IMAGE_BASE_URL", f"https://{IMAGE_BUCKET}.s3.amazonaws.com/")
STORAGES = {
    "default": {
        "BACKEND": "shop.storage.ImageStorage",
        "OPTIONS": {
            "bucket_name": IMAGE_BUCKET,
            "region_name": AWS_REGION,
            "file_overwrite": False,
            "querystring_auth": False,
            "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
        },
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_URL = environ.get("SHOP_STATIC_URL", "/static/")
STATIC_ROOT = BASE_DIR / "staticfiles"
SITE_BUCKET = environ.get("SHOP_SITE_BUCKET", "")  # of the storefront's pages; none: made as asked
STATIC_BUCKET = environ.get("SHOP_STATIC_BUCKET", "")  # where no CDN hands files out, the shop does

# Mail through SES.
EMAIL_BACKEND = environ.get("SHOP_EMAIL_BACKEND", "mails.backend.PromptSESBackend")
DEFAULT_FROM_EMAIL = environ.get("SHOP_MAIL_FROM", "shop@example.com")
AWS_SES_REGION_NAME = AWS_REGION
# Where its events go is the set's. An address that is an identity of its own has not its domain's.
AWS_SES_CONFIGURATION_SET = environ.get("SHOP_MAIL_CONFIGURATION_SET") or None
# Of the account's rate a process knows nothing: to ask for it is itself allowed once a second.
AWS_SES_AUTO_THROTTLE = None
SES_CLIENT = environ.get("SHOP_SES_CLIENT", "native")  # or "boto3"
AWS_SES_REGION_ENDPOINT_URL = environ.get("AWS_ENDPOINT_URL_SES") or environ.get("AWS_ENDPOINT_URL")

# Queues by their class of work: who shares one waits for the others. Each costs its polling. Which
# function polls which, shop/functions.py says.
QUEUES = {
    "orders": environ.get("SHOP_ORDER_QUEUE", "shop-orders"),
    "catalog": environ.get("SHOP_CATALOG_QUEUE", "shop-catalog"),
    "mail-events": environ.get("SHOP_MAIL_EVENT_QUEUE", "shop-mail-events"),
}
EVENT_SUBSCRIPTIONS = "shop.subscriptions.SUBSCRIPTIONS"

# The shop.
SHOP_NAME = environ.get("SHOP_NAME", "Corner Shop")
SHOP_CURRENCY = environ.get("SHOP_CURRENCY", "EUR")
SHOP_SHIPPING = environ.get("SHOP_SHIPPING", "4.90")
SHOP_FREE_SHIPPING_FROM = environ.get("SHOP_FREE_SHIPPING_FROM", "50.00")
SHOP_TAX_RATE = environ.get("SHOP_TAX_RATE", "0.19")  # contained in the prices
PRICE_LISTS = flag("SHOP_PRICE_LISTS")  # carts read the listed prices of their lines, too
PAYMENT_GATEWAY = environ.get("SHOP_PAYMENT_GATEWAY", "payments.gateways.testing.TestGateway")
CAPTURE_LATER = flag("SHOP_CAPTURE_LATER")  # have payments promised, and take them when goods leave
PAYMENT_WINDOW = timedelta(minutes=whole("SHOP_PAYMENT_WINDOW", 60))  # then unpaid orders expire
BACK_ORDER_SHORTFALLS = flag("SHOP_BACK_ORDER_SHORTFALLS")  # else such money goes back

# Throttles count in it: one table for all of Lambda's processes.
CACHES = {"default": {"BACKEND": "dynamodb.cache.DynamoDBCache", "LOCATION": "cache"}}

# How often what may be done, before it is abuse: see limits/rates.py.
try:
    LIMITS = with_changes(words("SHOP_LIMITS"))
except ValueError as error:
    raise ImproperlyConfigured(f"SHOP_LIMITS: {error}.") from error
AUTHENTICATION_BACKENDS = ["shop.api.sign_in.LimitedBackend"]
REST_FRAMEWORK = {
    "DEFAULT_VERSIONING_CLASS": None,
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "shop.api.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "shop.api.negotiation.Negotiation",
    "DEFAULT_PAGINATION_CLASS": "shop.api.pagination.KeyPagination",
    "DEFAULT_PARSER_CLASSES": ["shop.api.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": [
        "shop.api.renderers.JSONRenderer",
        "rest_framework.renderers.BrowsableAPIRenderer",
    ],
    "DEFAULT_SCHEMA_CLASS": "shop.api.described.LateSchema",
    "DEFAULT_THROTTLE_CLASSES": ["shop.api.admission.Admission"],
    "EXCEPTION_HANDLER": "shop.api.errors.handle_exception",
    "NUM_PROXIES": 0,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": True,
}
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(hours=1),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
    "CHECK_REVOKE_TOKEN": True,  # a new password ends all tokens
    "AUTH_TOKEN_CLASSES": ("shop.api.tokens.AccessToken",),
}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{SHOP_NAME} API",
    "DESCRIPTION": "Catalogue, cart, checkout and orders.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVERS": [{"url": PUBLIC_URL}] if PUBLIC_URL else [],
    # What is sent and what is answered are two things; a PATCH sends all that it asks for.
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,
    "DEFAULT_GENERATOR_CLASS": "shop.api.description.Generator",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "shop.api.schema.complete",
    ],
    # From the shop itself: no other server's scripts, and it works without a network.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
}

# Logs and metrics: JSON and CloudWatch's on Lambda, a line to read on a laptop.
ON_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME" in environ
STAGE = environ.get("STAGE", "laptop")  # Zappa sets it
METRICS = flag("SHOP_METRICS", default=ON_LAMBDA)
LOGGING = logging_config(
    formatter=choice("SHOP_LOG_FORMAT", "json" if ON_LAMBDA else "line", ("json", "line")),
    level=choice("SHOP_LOG_LEVEL", "INFO", LEVELS),
    metrics=METRICS,
)
