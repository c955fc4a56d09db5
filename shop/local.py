"""The WSGI application of `make run`: the shop, and the admin's static files with it."""

import logging

from django.contrib.staticfiles.handlers import StaticFilesHandler

from shop.wsgi import application as shop

# It says of each HEAD that Django's answer has a body; it does not send it.
logging.getLogger("gunicorn.http.wsgi").setLevel(logging.ERROR)

application = StaticFilesHandler(shop)
