from __future__ import annotations

import subprocess
import sys

import pytest

from trailhound.model.errors import WorkspaceError
from trailhound.store import lock

HOLD = """
import sys, time
from pathlib import Path
from trailhound.store import lock
held = getattr(lock, sys.argv[2])(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / lock.READERS).touch()
    return tmp_path


@pytest.fixture
def other(root):
    children = []

    def start(kind):
        child = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(root), kind], stdout=subprocess.PIPE
        )
        children.append(child)
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate()


def test_the_second_writer_is_told_who_the_first_is(root, other):
    child = other("take_writer")
    with pytest.raises(WorkspaceError, match=f"process {child.pid}") as caught:
        lock.take_writer(root, wait_seconds=0.2)
    assert str(root) in str(caught.value)


def test_a_killed_writer_leaves_no_lock(root, other):
    child = other("take_writer")
    child.kill()
    child.wait()
    lock.take_writer(root).release()


def test_release_lets_the_next_in(root):
    first = lock.take_writer(root)
    with pytest.raises(WorkspaceError):
        lock.take_writer(root)
    first.release()
    first.release()
    lock.take_writer(root).release()


def test_readers_do_not_exclude_each_other_but_keep_files_alive(root, other):
    with lock.no_readers(root) as alone:
        assert alone
    other("take_reader")
    lock.take_reader(root).release()
    with lock.no_readers(root) as alone:
        assert not alone


def test_reading_works_where_no_lock_file_can_be_made(tmp_path):
    lock.take_reader(tmp_path).release()
    assert list(tmp_path.iterdir()) == []
