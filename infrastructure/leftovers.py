"""What is there of a function and its API, which Zappa makes; what a broken attempt left."""

from infrastructure.stacks import Stack
from infrastructure.stages import Stage
from infrastructure.targets import ROOT


def api_stack(stage: Stage) -> Stack:
    """Zappa's own, of the function's name."""
    return Stack(stage.client("cloudformation"), stage.function, local=bool(stage.endpoint))


def api_id(stage: Stage) -> str | None:
    """Of Zappa's own stack."""
    return api_stack(stage).resource("Api")


def function_exists(stage: Stage) -> bool:
    client = stage.client("lambda")
    try:
        client.get_function(FunctionName=stage.function)
    except client.exceptions.ResourceNotFoundException:
        return False
    return True


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
