from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from trailhound.simulate.clock import MINUTE
from trailhound.simulate.organisation import CHOICES, write
from trailhound.simulate.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import sys
from pathlib import Path
from trailhound.simulate.organisation import write
from trailhound.simulate.settings import Settings
write(Path(sys.argv[1]), Settings(seed=3, people=5, days=2, story="all"))
"""


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def simulate_in(folder: Path, **surroundings: str) -> dict[str, str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **surroundings}
    command = [sys.executable, "-c", PROGRAM, str(folder)]
    subprocess.run(command, check=True, env=environment)
    return digests(folder)


def test_bytes_depend_on_the_settings_alone(tmp_path):
    one = simulate_in(tmp_path / "1", PYTHONHASHSEED="1", TZ="Asia/Tokyo", LC_ALL="C")
    two = simulate_in(tmp_path / "2", PYTHONHASHSEED="2", TZ="America/New_York", LC_ALL="C.UTF-8")
    assert one == two
    assert len(one) > 50


def test_another_seed_gives_other_evidence(tmp_path):
    for seed in (1, 2):
        write(tmp_path / str(seed), Settings(seed=seed, people=5, days=1))
    assert digests(tmp_path / "1") != digests(tmp_path / "2")


def test_the_truth_lies_beside_the_evidence(small):
    assert (small.folder / "truth" / "truth.json").is_file()
    assert (small.folder / "org.toml").is_file()
    assert not [path for path in small.files("**/*") if "truth" in path.name]
    assert b"T1003" not in b"".join(
        p.read_bytes() for p in small.files("windows/*") if p.suffix != ".gz"
    )


def test_every_step_points_to_a_record_that_exists(small):
    assert len(small.truth.steps) > 40
    for step in small.truth.steps:
        text = small.text(step.source)
        if step.record.startswith("offset"):
            offset = int(step.record.split()[1])
            assert 0 <= offset < len(text.encode())
            assert offset == 0 or text.encode()[offset - 1 : offset] == b"\n"
        else:
            assert step.record.rpartition(" ")[2] in text


def test_steps_lie_within_the_simulated_time(small):
    times = [step.time for step in small.truth.steps]
    assert times == sorted(times)
    assert times[-1] - times[0] < 3 * 24 * 60 * MINUTE


def test_every_story_is_told(small):
    stories = {step.story for step in small.truth.steps}
    assert stories == {"mailbox-takeover", "ransomware", "linux-cloud"}


def test_a_quiet_week_has_no_steps_and_still_innocents(tmp_path):
    truth = write(tmp_path, Settings(people=5, days=1, story="none"))
    assert not truth.steps
    assert truth.innocent


def test_an_unknown_story_is_refused(tmp_path):
    with pytest.raises(ValueError, match="mailbox-takeover"):
        write(tmp_path, Settings(story="romance"))


def test_all_that_can_be_chosen_exists():
    assert set(CHOICES) == {
        "none", "all", "mailbox-takeover", "ransomware", "linux-cloud", "demo",
    }  # fmt: skip


def test_the_amount_follows_people_and_noise(small, tmp_path):
    quiet = write(tmp_path / "q", Settings(seed=7, people=6, days=3, noise=0, story="all"))
    assert 10_000 < quiet.events < small.truth.events < 60_000


def test_nothing_waits_in_memory_beyond_the_coming_hours(world):
    """Streaming: after an hour is turned, no earlier fact is held."""
    from trailhound.simulate.clock import HOUR
    from trailhound.simulate.life.internet import Internet

    life = Internet(world)
    for hour in list(world.hours())[:48]:
        life.hour(hour)
        world.turn(hour)
        assert all(key >= hour // HOUR for key in world.schedule._hours)
    world.finish()
