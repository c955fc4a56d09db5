from tests.thirdparty.settings import APPS

INSTALLED_APPS = ["unfold", "unfold.contrib.filters", *APPS, "tests.thirdparty.library"]
