"""SnapStart, where Zappa leaves it: with `snap_start` it publishes each version, points the alias
`snapstart` to it and the API to the alias; queues and schedules still call the function without
a version, of which there is no snapshot.

Zappa finds what it has made by the function without a version, too. So before each of its
commands everything goes back there (`release`), and to the alias afterwards (`attach`).
"""

from typing import Any

from infrastructure.mappings import mappings_of, settle

ALIAS = "snapstart"  # Zappa's name for it


def attach(lambdas: Any, events: Any, name: str, variables: dict[str, str]) -> None:
    """Queues and schedules of the function `name` call the alias, whose version has exactly
    these variables."""
    publish(lambdas, name, variables)
    function = function_arn(lambdas, name)
    permit_schedules(lambdas, events, name, function)
    repoint(lambdas, events, function, f"{function}:{ALIAS}")


def release(lambdas: Any, events: Any, name: str) -> None:
    """They call the function without a version; nothing to do while there is no function."""
    try:
        function = function_arn(lambdas, name)
    except lambdas.exceptions.ResourceNotFoundException:
        return
    repoint(lambdas, events, f"{function}:{ALIAS}", function)


def function_arn(lambdas: Any, name: str) -> str:
    return str(lambdas.get_function(FunctionName=name)["Configuration"]["FunctionArn"])


def publish(lambdas: Any, name: str, variables: dict[str, str]) -> None:
    """A version anew, if the alias has another's variables: they were taken from the function
    after Zappa had published it."""
    there = lambdas.get_function_configuration(FunctionName=name, Qualifier=ALIAS)
    if there.get("Environment", {}).get("Variables", {}) == variables:
        return
    version = lambdas.publish_version(FunctionName=name)["Version"]
    lambdas.get_waiter("published_version_active").wait(FunctionName=name, Qualifier=version)
    lambdas.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=version)


def permit_schedules(lambdas: Any, events: Any, name: str, function: str) -> None:
    """Zappa's permission is for the function without a version."""
    for rule in rules_of(events, function):
        try:
            lambdas.add_permission(
                FunctionName=name,
                Qualifier=ALIAS,
                StatementId=rule.replace(".", "-"),
                Action="lambda:InvokeFunction",
                Principal="events.amazonaws.com",
                SourceArn=events.describe_rule(Name=rule)["Arn"],
            )
        except lambdas.exceptions.ResourceConflictException:
            continue  # it has it


def repoint(lambdas: Any, events: Any, old: str, new: str) -> None:
    """From one ARN to another, all queues and all schedules."""
    for mapping in mappings_of(lambdas, old):
        if mapping["FunctionArn"] == old:
            settle(lambdas, mapping["UUID"])
            lambdas.update_event_source_mapping(UUID=mapping["UUID"], FunctionName=new)
            settle(lambdas, mapping["UUID"])
    for rule in rules_of(events, old):
        targets = events.list_targets_by_rule(Rule=rule)["Targets"]
        moved = [target | {"Arn": new} for target in targets if target["Arn"] == old]
        events.put_targets(Rule=rule, Targets=moved)


def rules_of(events: Any, function: str) -> list[str]:
    """The names of the schedules that call exactly this."""
    names: list[str] = events.list_rule_names_by_target(TargetArn=function)["RuleNames"]
    return names
