from tests.thirdparty.settings import APPS

INSTALLED_APPS = [*APPS, "django_celery_beat"]
