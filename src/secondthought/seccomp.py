"""Lists of system calls that a process gives up, as seccomp filters (Linux, x86-64 and ARM64).

A filter is classic BPF: a small program that the kernel runs at every system call. It is loaded
by `confine` for the process itself, or written to a file descriptor for bubblewrap. It can only
be made stricter afterwards, and child processes inherit it. See seccomp(2) and the kernel's
Documentation/userspace-api/seccomp_filter.rst.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deny:
    """One system call that fails with `error`.

    any_of: only when argument number `argument` has one of these bits; none_of: only when it
    has none of them. Arguments are compared by their low 32 bits.
    """

    call: str
    error: int = errno.EPERM
    argument: int = 0
    any_of: int = 0
    none_of: int = 0


# name: (number on x86-64, number on ARM64); 0 where a machine does not have the call.
_NUMBERS = {
    "add_key": (248, 217),
    "bpf": (321, 280),
    "chmod": (90, 0),
    "chown": (92, 0),
    "chroot": (161, 51),
    "clone": (56, 220),
    "clone3": (435, 435),
    "creat": (85, 0),
    "execve": (59, 221),
    "execveat": (322, 281),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "fork": (57, 0),
    "fsetxattr": (190, 7),
    "fsopen": (430, 430),
    "ftruncate": (77, 46),
    "io_uring_setup": (425, 425),
    "keyctl": (250, 219),
    "kill": (62, 129),
    "lchown": (94, 0),
    "link": (86, 0),
    "linkat": (265, 37),
    "lsetxattr": (189, 6),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "mkdir": (83, 0),
    "mkdirat": (258, 34),
    "mknod": (133, 0),
    "mknodat": (259, 33),
    "mount": (165, 40),
    "move_mount": (429, 429),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "open": (2, 0),
    "open_tree": (428, 428),
    "openat": (257, 56),
    "openat2": (437, 437),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "pivot_root": (155, 41),
    "prlimit64": (302, 261),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "removexattr": (197, 14),
    "rename": (82, 0),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "request_key": (249, 218),
    "rmdir": (84, 0),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "setns": (308, 268),
    "setxattr": (188, 5),
    "shmget": (29, 194),
    "socket": (41, 198),
    "symlink": (88, 0),
    "symlinkat": (266, 36),
    "tgkill": (234, 131),
    "tkill": (200, 130),
    "truncate": (76, 45),
    "umount2": (166, 39),
    "unlink": (87, 0),
    "unlinkat": (263, 35),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "utimensat": (280, 88),
    "vfork": (58, 0),
}
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column, AUDIT_ARCH_*

_CLONE_THREAD = 0x00010000
_CLONE_NAMESPACES = 0x7E020080  # every CLONE_NEW*
_OPEN_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def _all(names: str) -> tuple[Deny, ...]:
    return tuple(Deny(name) for name in names.split())


# Ways around the other walls: memory that no limit of a process counts, parts of the kernel
# that a program under test does not need, and new namespaces.
SANDBOX: tuple[Deny, ...] = (
    *_all("memfd_create memfd_secret shmget msgget mq_open"),
    *_all("io_uring_setup bpf perf_event_open userfaultfd add_key request_key keyctl"),
    *_all("mount umount2 move_mount open_tree fsopen pivot_root chroot unshare setns"),
    Deny("clone", any_of=_CLONE_NAMESPACES),
    Deny("clone3", errno.ENOSYS),  # its flags are out of a filter's sight; libc then uses clone
)

# For a function that only computes: no program, no process, no network, no signal, no writing.
COMPUTE: tuple[Deny, ...] = (
    *SANDBOX,
    *_all("socket execve execveat fork vfork ptrace process_vm_readv process_vm_writev"),
    Deny("clone", none_of=_CLONE_THREAD),
    *_all("kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo"),
    *_all("pidfd_open pidfd_getfd pidfd_send_signal"),
    Deny("prlimit64", any_of=0xFFFFFFFF),  # the limits of another process; 0 is the caller
    Deny("open", argument=1, any_of=_OPEN_TO_WRITE),
    Deny("openat", argument=2, any_of=_OPEN_TO_WRITE),
    Deny("openat2", errno.ENOSYS),
    *_all("creat truncate ftruncate unlink unlinkat rename renameat renameat2 mkdir mkdirat rmdir"),
    *_all("link linkat symlink symlinkat mknod mknodat chmod fchmod fchmodat fchmodat2"),
    *_all("chown lchown fchown fchownat setxattr lsetxattr fsetxattr removexattr utimensat"),
)

# Instructions of classic BPF, as in linux/bpf_common.h, and what a filter returns.
_LOAD, _EQUAL, _AT_LEAST, _BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_X32 = 0x40000000  # a second numbering of all calls on x86-64


def program(rules: Sequence[Deny]) -> bytes | None:
    """The filter as an array of `struct sock_filter`; None on a machine without a table."""
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _MACHINES:
        return None
    column, architecture = _MACHINES[machine]
    load_number = (_LOAD, 0, 0, 0)
    code = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _KILL), load_number]
    if machine == "x86_64":
        code += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _ERRNO | errno.EPERM)]
    for rule in rules:
        number = _NUMBERS[rule.call][column]
        if not number:
            continue
        deny = (_RETURN, 0, 0, _ERRNO | rule.error)
        bits = rule.any_of or rule.none_of
        if not bits:
            code += [(_EQUAL, 0, 1, number), deny]
            continue
        when_set, when_clear = (0, 1) if rule.any_of else (1, 0)
        code += [
            (_EQUAL, 0, 4, number),
            (_LOAD, 0, 0, 16 + 8 * rule.argument),  # both machines are little-endian
            (_BITS, when_set, when_clear, bits),
            deny,
            load_number,
        ]
    code.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


def confine(rules: Sequence[Deny]) -> bool:
    """Load the filter for this process, for good. False where that is not possible."""
    code = program(rules)
    if code is None:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    loaded = Program(len(code) // 8, ctypes.addressof(buffer))
    no_new_privileges, set_seccomp, mode_filter = 38, 22, 2
    one = ctypes.c_ulong(1)
    zero = ctypes.c_ulong(0)
    return (
        libc.prctl(no_new_privileges, one, zero, zero, zero) == 0
        and libc.prctl(set_seccomp, ctypes.c_ulong(mode_filter), ctypes.byref(loaded)) == 0
    )
