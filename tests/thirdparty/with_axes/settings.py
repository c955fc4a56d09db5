from tests.thirdparty.settings import APPS
from tests.thirdparty.settings import MIDDLEWARE as OTHERS

INSTALLED_APPS = [*APPS, "axes"]
MIDDLEWARE = [*OTHERS, "axes.middleware.AxesMiddleware"]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_FAILURE_LIMIT = 4
AXES_COOLOFF_TIME = 1  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_VERBOSE = False
