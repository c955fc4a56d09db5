"""What is there of functions and their API, which Zappa makes; what a broken attempt left."""

from typing import Any

from infrastructure.stacks import Stack
from infrastructure.stages import Stage
from infrastructure.targets import ROOT


def api_stack(stage: Stage) -> Stack:
    """Zappa's own, of the function's name."""
    return Stack(stage.client("cloudformation"), stage.function, local=bool(stage.endpoint))


def api_id(stage: Stage) -> str | None:
    """Of Zappa's own stack."""
    return api_stack(stage).resource("Api")


def function_exists(stage: Stage, name: str | None = None) -> bool:
    """The one that customers ask, unless another is named."""
    return code_of(stage.client("lambda"), name or stage.function) is not None


def code_of(lambdas: Any, name: str) -> str | None:
    """The hash of a function's code, as Lambda writes it; None if there is no such function."""
    try:
        configuration = lambdas.get_function(FunctionName=name)["Configuration"]
    except lambdas.exceptions.ResourceNotFoundException:
        return None
    return str(configuration["CodeSha256"])


def is_live(stage: Stage) -> bool:
    """Whether there is something for `zappa update`, which needs both."""
    return function_exists(stage) and api_stack(stage).recover()


def clear(stage: Stage) -> None:
    """What an attempt left that broke: Zappa's files, and a function or an API of which Zappa
    could neither make the rest nor change what is there. Nobody has reached either by then."""
    for pattern in (f"{stage.function}-*.zip", f"{stage.function}-template-*.json"):
        for file in ROOT.glob(pattern):
            file.unlink()
    if not api_stack(stage).recover() and function_exists(stage):
        stage.client("lambda").delete_function(FunctionName=stage.function)
