from tests.thirdparty.settings import APPS

INSTALLED_APPS = [*APPS, "import_export", "tests.thirdparty.library"]
IMPORT_EXPORT_USE_TRANSACTIONS = True
