"""The process of a side, seen from outside."""

import os

import pytest

from benchmarks.subject import Subject


def test_a_side_that_ends_says_why() -> None:
    """GIVEN a side that ends before it is asked THEN whoever asks reads its last words."""
    subject = Subject("nobody", os.environ)
    subject.process.wait(60)
    with pytest.raises(RuntimeError, match="KeyError: 'nobody'"), subject:
        subject.answer()
