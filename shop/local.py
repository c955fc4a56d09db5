"""The WSGI application of `make run`: the shop, and the admin's static files with it."""

from django.contrib.staticfiles.handlers import StaticFilesHandler

from shop.wsgi import application as shop

application = StaticFilesHandler(shop)
