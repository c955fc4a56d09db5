"""What can go wrong on a laptop, each with a sentence that says what to do."""


class LocalAWSError(Exception):
    """The local AWS cannot be set up, started or stopped; the message is for people."""
