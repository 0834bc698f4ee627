"""The second wall: what the kernel still refuses this process if WebAssembly or SQLite should have a hole.

Landlock (Linux 5.13; connections from 6.7, signals from 6.12) leaves of the file system what is named, and no program
to start. A seccomp filter (x86-64 and AArch64) refuses sockets, processes, tracing and signals to others. Neither needs
a privilege, neither can be undone, and where the kernel has none of it, nothing happens: the first wall stands alone.
Source: https://docs.kernel.org/userspace-api/landlock.html and https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2

# Landlock: the three system calls have these numbers on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1
_WRITE_FILE, _READ_FILE, _READ_DIR, _REMOVE_DIR, _REMOVE_FILE = 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5
_MAKE_DIR, _MAKE_REGULAR, _REFER, _TRUNCATE = 1 << 7, 1 << 8, 1 << 13, 1 << 14
_READING = _READ_FILE | _READ_DIR
_WRITING = _READING | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REGULAR | _REFER | _TRUNCATE
_OF_FILES = _WRITE_FILE | _READ_FILE | _TRUNCATE
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
"""How many rights over files each version knows; 16 from the fifth on."""

# seccomp: numbers of system calls, by machine.
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_REFUSED: Mapping[str, Mapping[str, int]] = {
    "x86_64": {
        "socket": 41,
        "socketpair": 53,
        "fork": 57,
        "vfork": 58,
        "execve": 59,
        "kill": 62,
        "ptrace": 101,
        "mount": 165,
        "tkill": 200,
        "unshare": 272,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "bpf": 321,
        "execveat": 322,
        "pidfd_send_signal": 424,
        "io_uring_setup": 425,
    },
    "aarch64": {
        "mount": 40,
        "unshare": 97,
        "ptrace": 117,
        "kill": 129,
        "tkill": 130,
        "socket": 198,
        "socketpair": 199,
        "execve": 221,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "bpf": 280,
        "execveat": 281,
        "pidfd_send_signal": 424,
        "io_uring_setup": 425,
    },
}
_CLONE = {"x86_64": 56, "aarch64": 220}
_TGKILL = {"x86_64": 234, "aarch64": 131}
_CLONE3 = 435
_CLONE_THREAD = 0x10000
_X32 = 0x40000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000


def confine(*, read: Iterable[Path], write: Iterable[Path]) -> tuple[str, ...]:
    """Confines this process, which must still have one thread, for good; returns which walls stand.

    Args:
        read: Files and folders that may be read, with what is below them; what does not exist is left out.
        write: Folders in which files may be made, changed and removed.
    """
    if not sys.platform.startswith("linux"):
        return ()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return ()
    walls = (("landlock", _landlock(libc, read, write)), ("seccomp", _seccomp(libc)))
    return tuple(name for name, stands in walls if stands)


def readable() -> tuple[Path, ...]:
    """What this interpreter reads while it imports: its libraries, those of the system, and this package."""
    system = ("/lib", "/lib64", "/usr/lib", "/usr/local/lib", "/etc/ld.so.cache", "/dev/null", "/dev/urandom")
    packages = (Path(each) for each in sys.path if each.endswith("-packages"))
    own = (Path(os.__file__).parent, Path(sys.base_prefix) / "lib", Path(__file__).resolve().parents[1])
    given = (Path(each) for each in os.environ.get("LD_LIBRARY_PATH", "").split(":") if each)
    return (*own, *packages, *given, *(Path(each) for each in (*system, "/proc/self", "/proc/sys")))


def _landlock(libc: ctypes.CDLL, read: Iterable[Path], write: Iterable[Path]) -> bool:
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        return False
    known = (1 << _RIGHTS.get(version, 16)) - 1
    handled = struct.pack("QQQ", known, 0b11, 0b11)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = libc.syscall(_CREATE_RULESET, handled, ctypes.c_size_t(len(handled)), 0)
    if ruleset < 0:
        return False
    try:
        for rights, paths in ((_READING, read), (_WRITING, write)):
            for path in paths:
                _allow(libc, ruleset, path, rights & known)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rights = rights if path.is_dir() else rights & _OF_FILES
        rule = struct.pack("=Qi", rights, place)
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(place)


def _seccomp(libc: ctypes.CDLL) -> bool:
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        return False
    program = _program(machine, os.getpid())
    lines = b"".join(struct.pack("HBBI", *line) for line in program)
    held = ctypes.create_string_buffer(lines, len(lines))
    prog = struct.pack("HxxxxxxP", len(program), ctypes.addressof(held))
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, prog, 0, 0) == 0)


def _program(machine: str, pid: int) -> list[tuple[int, int, int, int]]:
    """Lines of classic BPF, each an operation, two jumps (lines to skip) and an operand."""
    refused = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    lines = [
        (_LOAD, 0, 0, 4),  # the architecture
        (_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # the system call
        (_AT_LEAST, 0, 1, _X32),
        refused,
    ]
    for number in _REFUSED[machine].values():
        lines += [(_EQUAL, 0, 1, number), refused]
    lines += [
        (_EQUAL, 0, 1, _CLONE3),  # its flags cannot be seen; told that it is missing, the C library uses clone
        (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
        (_EQUAL, 0, 3, _CLONE[machine]),
        (_LOAD, 0, 0, 16),
        (_ANY_BIT, 4, 0, _CLONE_THREAD),  # threads are allowed, processes are not
        refused,
        (_EQUAL, 0, 2, _TGKILL[machine]),
        (_LOAD, 0, 0, 16),
        (_EQUAL, 0, 1, pid),
        (_RETURN, 0, 0, _ALLOW),
        refused,
    ]
    return lines
