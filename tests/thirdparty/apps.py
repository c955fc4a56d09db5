"""The apps that are tried: the distribution by the folder that has its settings and operations."""

APPS = {
    "with_allauth": "django-allauth",
    "with_guardian": "django-guardian",
    "with_import_export": "django-import-export",
    "with_simple_history": "django-simple-history",
    "with_reversion": "django-reversion",
    "with_otp": "django-otp",
    "with_treebeard": "django-treebeard",
    "with_filter": "django-filter",
    "with_waffle": "django-waffle",
    "with_axes": "django-axes",
    "with_celery_beat": "django-celery-beat",
    "with_simplejwt": "djangorestframework_simplejwt",
    "with_unfold": "django-unfold",
    "with_oscar": "django-oscar",
    "with_q2": "django-q2",
    "with_mptt": "django-mptt",
}
