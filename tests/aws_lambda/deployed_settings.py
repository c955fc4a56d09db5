"""The shop's own settings, but for the hash of passwords, which takes half a second by design."""

from shop.settings import *  # noqa: F403  all of them

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
