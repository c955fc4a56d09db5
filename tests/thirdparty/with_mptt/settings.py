from tests.thirdparty.settings import APPS

INSTALLED_APPS = [*APPS, "mptt", "tests.thirdparty.with_mptt"]
