"""A function's event source mappings: what Zappa cannot set of them, and must not forget."""

import time
from typing import Any

from infrastructure.errors import DeploymentError

DEADLINE = 120.0  # seconds until a mapping has settled
POLL = 0.5


def mappings_of(client: Any, name: str, **filters: str) -> list[dict[str, Any]]:
    """The function's event source mappings; none while there is no function."""
    pages = client.get_paginator("list_event_source_mappings")
    try:
        found = pages.paginate(FunctionName=name, **filters).build_full_result()
    except client.exceptions.ResourceNotFoundException:
        return []
    mappings: list[dict[str, Any]] = found["EventSourceMappings"]
    return mappings


def listeners(client: Any, arn: str, name: str) -> list[dict[str, Any]]:
    """The mappings from a queue to the function `name`, to its aliases too."""
    pages = client.get_paginator("list_event_source_mappings").paginate(EventSourceArn=arn)
    found = pages.build_full_result()["EventSourceMappings"]
    return [each for each in found if each["FunctionArn"].split(":")[6] == name]


def reports_failures(client: Any, name: str, arn: str) -> bool:
    """Whether the function listens to the queue, and says which records of a batch failed."""
    return any(each.get("FunctionResponseTypes") for each in listeners(client, arn, name))


def end_mappings(client: Any, mappings: list[dict[str, Any]]) -> None:
    """What is being worked on is finished; the rest waits in the queues."""
    for mapping in mappings:
        settle(client, mapping["UUID"])
        client.delete_event_source_mapping(UUID=mapping["UUID"])


def settle(client: Any, uuid: str) -> dict[str, Any]:
    """The mapping, once it is neither being made nor being changed."""
    deadline = time.monotonic() + DEADLINE
    while True:
        mapping: dict[str, Any] = client.get_event_source_mapping(UUID=uuid)
        if mapping["State"] in {"Enabled", "Disabled"}:
            return mapping
        if time.monotonic() > deadline:
            raise DeploymentError(f"Event source mapping {uuid} stays {mapping['State']}.")
        time.sleep(POLL)


def refuse_forgotten(client: Any, name: str, named: set[str]) -> None:
    """Of an event source that no function is named for, Zappa's handler consumes all: lost."""
    for mapping in mappings_of(client, name):
        if mapping["EventSourceArn"] not in named:
            raise DeploymentError(
                f"{name} still listens to {mapping['EventSourceArn']}, which zappa_settings.json "
                f"does not name: its messages would be lost. First `aws lambda "
                f"delete-event-source-mapping --uuid {mapping['UUID']}`."
            )


def harden_mapping(client: Any, name: str, source: dict[str, Any]) -> None:
    """Partial failures, concurrency: and only then switched on."""
    arn = source["arn"]
    (mapping,) = mappings_of(client, name, EventSourceArn=arn)
    settle(client, mapping["UUID"])
    client.update_event_source_mapping(
        UUID=mapping["UUID"],
        FunctionName=name,
        Enabled=True,
        BatchSize=source["batch_size"],
        **source["esm"],
    )
    settled = settle(client, mapping["UUID"])
    if settled.get("FunctionResponseTypes") != source["esm"]["FunctionResponseTypes"]:
        raise DeploymentError(
            f"{arn} does not report single failures of a batch, and would lose orders: "
            "stop it with `zappa unschedule`, and see what refused the change."
        )
