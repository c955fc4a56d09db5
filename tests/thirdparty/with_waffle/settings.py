from tests.thirdparty.settings import APPS
from tests.thirdparty.settings import MIDDLEWARE as OTHERS

INSTALLED_APPS = [*APPS, "waffle"]
MIDDLEWARE = [*OTHERS, "waffle.middleware.WaffleMiddleware"]
ROOT_URLCONF = "tests.thirdparty.with_waffle.urls"
