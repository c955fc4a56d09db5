"""The admin's pages. Importing this registers them all."""

from django.conf import settings
from django.contrib import admin

admin.autodiscover()
admin.site.site_header = admin.site.site_title = settings.SHOP_NAME

addresses = admin.site.urls[0]
