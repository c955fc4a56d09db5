from tests.thirdparty.settings import APPS

INSTALLED_APPS = [*APPS, "django_q"]
Q_CLUSTER = {"name": "thirdparty", "orm": "default", "sync": False}
