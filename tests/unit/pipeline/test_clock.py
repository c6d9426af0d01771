from __future__ import annotations

import time

from trailhound.pipeline.clock import now, today


def test_the_clock_is_that_of_the_system():
    assert abs(now() - time.time_ns() // 1000) < 5_000_000
    assert today().toordinal() - 719_163 == now() // 86_400_000_000
