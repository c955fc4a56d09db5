from tests.thirdparty.settings import APPS
from tests.thirdparty.settings import MIDDLEWARE as OTHERS

INSTALLED_APPS = [*APPS, "simple_history", "tests.thirdparty.with_simple_history"]
MIDDLEWARE = [*OTHERS, "simple_history.middleware.HistoryRequestMiddleware"]
