"""Which client a connection gets: our own, or boto3's."""

from functools import cache

from dynamodb.client.client import Client


@cache
def client_for(region: str, endpoint: str, kind: str = "native") -> Client:
    """One client, with its connections, for all threads of the process."""
    if kind == "boto3":
        from dynamodb.client.boto import BotoClient

        return BotoClient(region=region, endpoint=endpoint)
    return Client(region=region, endpoint=endpoint)
