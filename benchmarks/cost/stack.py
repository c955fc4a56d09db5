"""What a stage has that costs money whether anybody buys or not, counted in its templates."""

import re
from dataclasses import dataclass
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "infrastructure"


@dataclass(frozen=True)
class Stack:
    alarms: int
    dashboards: int
    firewalls: int
    firewall_rules: int
    secrets: int
    queues: int  # that the function listens to


def count_stack(folder: Path = TEMPLATES) -> Stack:
    text = "\n".join(path.read_text() for path in sorted(folder.glob("*.yaml")))
    kinds = re.findall(r"^    Type: (AWS::\w+::\w+)$", text, re.MULTILINE)
    return Stack(
        alarms=kinds.count("AWS::CloudWatch::Alarm"),
        dashboards=kinds.count("AWS::CloudWatch::Dashboard"),
        firewalls=kinds.count("AWS::WAFv2::WebACL"),
        firewall_rules=len(re.findall(r"^          Priority: \d+$", text, re.MULTILINE)),
        secrets=kinds.count("AWS::SecretsManager::Secret"),
        queues=len(re.findall(r"^        deadLetterTargetArn:", text, re.MULTILINE)),
    )
