"""CloudFormation stacks: deployed, read, deleted."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from infrastructure.errors import DeploymentError

WAITING = {"Delay": 5, "MaxAttempts": 360}  # half an hour: CloudFront takes its time
WAITING_LOCALLY = {"Delay": 1, "MaxAttempts": 120}
FAILED = ("CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED")
# A stack in which nothing ever worked, or that was to go: AWS lets one only delete it.
NEVER_MADE = ("CREATE_FAILED", "DELETE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED")


class Stack:
    """One stack. `cfn` is boto3's client."""

    def __init__(self, cfn: Any, name: str, *, local: bool):
        self.cfn, self.name = cfn, name
        self.waiting = WAITING_LOCALLY if local else WAITING

    def deploy(self, template: Path, parameters: Mapping[str, str]) -> dict[str, str]:
        """Make it or change it; its outputs. Raises DeploymentError with AWS's reasons."""
        request = {
            "StackName": self.name,
            "TemplateBody": template.read_text(),
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": str(value)}
                for key, value in parameters.items()
            ],
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
            "Tags": [{"Key": "shop", "Value": self.name}],
        }
        if not self.recover():
            self.cfn.create_stack(**request)
            self.wait("stack_create_complete")
        elif self.update(request):
            self.wait("stack_update_complete")
        return self.outputs()

    def recover(self) -> bool:
        """From whatever an earlier attempt left it in; whether there is one to update then."""
        status = self.settled()
        if status in NEVER_MADE:
            self.delete()
            return False
        if status == "UPDATE_ROLLBACK_FAILED":
            self.cfn.continue_update_rollback(StackName=self.name)
            self.wait("stack_rollback_complete")
        return status is not None

    def settled(self) -> str | None:
        """Its status once nothing is under way in it; None if there is none.

        Whoever was stopped while waiting left AWS at work, which takes no other order meanwhile.
        """
        for _ in range(self.waiting["MaxAttempts"]):
            found = self.describe()
            status = None if found is None else str(found["StackStatus"])
            if status is None or not status.endswith("_IN_PROGRESS"):
                return status
            time.sleep(self.waiting["Delay"])
        raise DeploymentError(f"{self.name} is still under way: see CloudFormation's console.")

    def update(self, request: dict[str, Any]) -> bool:
        """False if there was nothing to change."""
        try:
            self.cfn.update_stack(**request)
        except ClientError as error:
            if "No updates are to be performed" in str(error):
                return False
            raise
        return True

    def delete(self) -> None:
        if self.settled() is not None:
            self.cfn.delete_stack(StackName=self.name)
            self.wait("stack_delete_complete")

    def describe(self) -> dict[str, Any] | None:
        """AWS's description, or None if there is no such stack."""
        try:
            stack: dict[str, Any] = self.cfn.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return stack

    def outputs(self) -> dict[str, str]:
        """Raises DeploymentError if there is no such stack."""
        description = self.describe()
        if description is None:
            raise DeploymentError(f"There is no stack {self.name}: deploy first.")
        return {each["OutputKey"]: each["OutputValue"] for each in description.get("Outputs", [])}

    def parameter(self, key: str) -> str | None:
        """The value that it was last deployed with; None if that, or the stack, is not there."""
        given = (self.describe() or {}).get("Parameters", [])
        values = {each["ParameterKey"]: str(each["ParameterValue"]) for each in given}
        return values.get(key)

    def resource(self, logical: str) -> str | None:
        """The id of one of its resources; None if that, or the stack, is not there."""
        try:
            answer = self.cfn.describe_stack_resource(
                StackName=self.name, LogicalResourceId=logical
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationError":
                return None
            raise
        return str(answer["StackResourceDetail"]["PhysicalResourceId"])

    def wait(self, state: str) -> None:
        try:
            self.cfn.get_waiter(state).wait(StackName=self.name, WaiterConfig=self.waiting)
        except WaiterError as error:
            raise DeploymentError(f"{self.name} failed. {self.reasons()}") from error

    def reasons(self) -> str:
        """What failed, in AWS's words, the first failure first."""
        events = self.cfn.describe_stack_events(StackName=self.name)["StackEvents"]
        return "\n".join(
            f"{each['LogicalResourceId']}: {each.get('ResourceStatusReason', 'no reason given')}"
            for each in reversed(events)
            if each["ResourceStatus"] in FAILED
        )
