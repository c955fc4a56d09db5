"""Zappa's handler without boto3, which takes a tenth of a second to import.

Zappa's deploying side names boto3 in annotations, and an empty module satisfies them. Whoever
imports boto3 afterwards gets the real one.
"""

import sys
from importlib import import_module
from types import ModuleType

if not {"boto3", "botocore"} & set(sys.modules):  # the local AWS has loaded a part by then
    boto3 = ModuleType("boto3")
    boto3.Session = object  # type: ignore[attr-defined]
    sys.modules |= {"boto3": boto3, "botocore": ModuleType("botocore")}
    try:
        import_module("zappa.utilities")
    finally:
        del sys.modules["boto3"], sys.modules["botocore"]

from zappa.handler import lambda_handler

__all__ = ["lambda_handler"]
