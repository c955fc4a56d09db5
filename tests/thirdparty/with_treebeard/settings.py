from tests.thirdparty.settings import APPS

INSTALLED_APPS = [*APPS, "treebeard", "tests.thirdparty.with_treebeard"]
