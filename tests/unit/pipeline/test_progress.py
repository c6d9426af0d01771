from __future__ import annotations

from trailhound.pipeline.progress import Done, silent


def test_silence_is_kept(capsys):
    silent(Done(bytes=1, total=2))
    assert capsys.readouterr() == ("", "")
