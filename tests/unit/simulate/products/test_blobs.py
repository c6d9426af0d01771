from __future__ import annotations

from trailhound.simulate.clock import HOUR
from trailhound.simulate.products.blobs import Blobs


def blobs(folder):
    return Blobs[str](
        folder,
        HOUR,
        lambda at: f"{at // HOUR}.txt",
        str.upper,
        lambda all_: ",".join(all_).encode(),
    )


def test_one_span_is_one_file(tmp_path):
    sink = blobs(tmp_path)
    assert sink.write(1, "a").source == "0.txt"
    sink.write(2, "b")
    assert sink.write(HOUR, "c").record == "C"
    sink.close()
    assert (tmp_path / "0.txt").read_text() == "a,b"
    assert (tmp_path / "1.txt").read_text() == "c"
    assert (tmp_path / "0.txt").stat().st_mtime == 3600


def test_a_span_is_delivered_as_soon_as_it_is_over(tmp_path):
    sink = blobs(tmp_path)
    sink.write(1, "a")
    sink.tick(HOUR - 1)
    assert not (tmp_path / "0.txt").exists()
    sink.tick(HOUR)
    assert (tmp_path / "0.txt").exists()


def test_a_late_record_does_not_overwrite_what_was_delivered(tmp_path):
    sink = blobs(tmp_path)
    sink.write(1, "a")
    sink.write(HOUR, "b")
    sink.write(2, "late")
    sink.close()
    assert (tmp_path / "0.txt").read_text() == "a"
    assert (tmp_path / "1.txt").read_text() == "b,late"
