from tests.thirdparty.settings import APPS

INSTALLED_APPS = [*APPS, "guardian", "tests.thirdparty.library"]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
