"""The second wall, tried by native code in a process that has put it up: what a hole in the first one would give."""

from __future__ import annotations

import platform
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from app.exercises.python_runtime import child_environment
from app.settings import ROOT

PTRACE, TGKILL = (101, 234) if platform.machine() == "x86_64" else (117, 131)
HELD = (
    "from app.exercises.confine import confine, readable\nfrom pathlib import Path\nimport os, socket, sys\n"
    "own = Path(os.environ['TMPDIR'])\nwalls = confine(read=readable(), write=(own,))\n"
)


def tried(folder: Path, act: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-c", HELD + textwrap.dedent(act)],
        env=child_environment(TMPDIR=str(folder), HOME=str(folder)),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.fixture(scope="module", autouse=True)
def walls(tmp_path_factory: pytest.TempPathFactory) -> None:
    found = tried(tmp_path_factory.mktemp("walls"), "print(*walls)")
    assert found.returncode == 0, found.stderr
    if found.stdout.split() != ["landlock", "seccomp"]:
        pytest.skip(f"this kernel has of it only: {found.stdout or 'nothing'}")


def test_what_the_sandbox_needs_still_works(tmp_path: Path) -> None:
    found = tried(
        tmp_path,
        """
        import sqlite3, threading, tempfile, shutil, json.tool
        thread = threading.Thread(target=print, args=["from a thread"])
        thread.start(); thread.join()
        made = tempfile.mkdtemp(); Path(made, "x").write_text("x"); shutil.rmtree(made)
        """,
    )
    assert (found.returncode, found.stdout) == (0, "from a thread\n"), found.stderr


@pytest.mark.parametrize(
    "act",
    [
        f"open({str(ROOT / 'pyproject.toml')!r}).read()",
        f"os.listdir({str(ROOT / 'corpus')!r})",
        "open('/etc/passwd').read()",
        "open(f'/proc/{os.getppid()}/environ').read()",
        "open(f'/proc/{os.getppid()}/mem', 'rb')",
        "open('/tmp/viva-mine', 'w')",
        f"open({str(ROOT / 'app' / 'mine.py')!r}, 'w')",
        f"os.symlink({str(ROOT / 'pyproject.toml')!r}, own / 'link'); open(own / 'link').read()",
        "os.fork()",
        "os.execv('/bin/sh', ['sh'])",
        "import subprocess; subprocess.run(['/bin/true'], check=True)",
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "socket.socketpair()",
        "os.kill(os.getppid(), 9)",
        "os.kill(-1, 9)",
        f"import ctypes; sys.exit(3 if ctypes.CDLL(None).syscall({PTRACE}, 16, os.getppid(), 0, 0) else 0)",
    ],
)
def test_native_code_behind_it_gets_nowhere(tmp_path: Path, act: str) -> None:
    found = tried(tmp_path, act)
    assert found.returncode in (1, 3), found
    if found.returncode == 1:
        assert "PermissionError" in found.stderr or "Operation not permitted" in found.stderr, found.stderr
    assert not Path("/tmp/viva-mine").exists()


def test_another_process_is_not_signalled_thread_by_thread(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as bystander:
        try:
            act = f"import ctypes; sys.exit(3 if ctypes.CDLL(None).syscall({TGKILL}, {bystander.pid}, {bystander.pid}, 9) else 0)"
            assert tried(tmp_path, act).returncode == 3
            assert bystander.poll() is None
        finally:
            bystander.send_signal(signal.SIGKILL)
