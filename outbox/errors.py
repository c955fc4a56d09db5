"""What a subscriber raises to say what shall become of a message."""


class Refused(Exception):
    """It can never be taken, however often it comes: its text says why. The message is dead at
    once, and waits in the admin for a person; other subscribers are not held up."""


class TakenBefore(Exception):
    """The subscriber has taken this event already: what was done again is rolled back."""
