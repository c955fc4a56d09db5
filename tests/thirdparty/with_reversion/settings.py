from tests.thirdparty.settings import APPS

INSTALLED_APPS = [*APPS, "reversion", "tests.thirdparty.library"]
