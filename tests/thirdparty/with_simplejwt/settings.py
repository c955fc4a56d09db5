from datetime import timedelta

from tests.thirdparty.settings import APPS

INSTALLED_APPS = [*APPS, "rest_framework", "rest_framework_simplejwt.token_blacklist"]
ROOT_URLCONF = "tests.thirdparty.with_simplejwt.urls"
SIMPLE_JWT = {
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=5),
    "UPDATE_LAST_LOGIN": True,
}
