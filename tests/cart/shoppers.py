"""A guest with a cart."""

from rest_framework.test import APIClient


class Shopper(APIClient):
    """A guest's API client; every request carries the token of the guest's cart."""

    def __init__(self, token: str):
        super().__init__()
        self.token = token
        self.credentials(HTTP_CART_TOKEN=token)
