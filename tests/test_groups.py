"""Tests that share what takes long to make, or would be in one another's way, run on one worker, one after the other."""

from __future__ import annotations

import pytest


@pytest.mark.xdist_group("model")
def test_a_group_is_known_to_who_hands_tests_out(request: pytest.FixtureRequest) -> None:
    """pytest-xdist 3.8 tells groups by a suffix that pytest 9.2 no longer lets it add, and says nothing then: the model
    and the browsers were started twice (https://github.com/pytest-dev/pytest-xdist/issues/1386)."""
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@model")
