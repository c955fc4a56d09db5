"""What stops a deployment."""

from click import ClickException


class DeploymentError(ClickException):
    """A sentence for people that says what to do; Zappa shows it too, and ends."""
