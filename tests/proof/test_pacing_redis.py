"""A window that several processes share through Redis: the tenth of the proof."""

import shutil

import pytest

from proof import pacing_redis


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("redis-server") is None, reason="`redis-server` is not on the PATH")
def test_the_tenth_holds() -> None:
    """Four processes share one window without a refusal."""
    section = pacing_redis.prove(scale=0.1, seed=20261122)
    assert section.failures == ()
    assert len(section.rows) >= 2
