"""How much main memory this computer has, how much of it is free, and how much this process holds."""

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

_UNLIMITED: Final = 1 << 60  # what systems write where there is no limit


def total_bytes() -> int | None:
    """Main memory of this computer; None where the system doesn't tell."""
    try:
        return _total_bytes()
    except (OSError, ValueError, AttributeError):
        return None


def free_bytes() -> int | None:
    """Main memory that this process can still take without others losing theirs; None where nobody knows.

    What the system keeps there only to save reading from disk counts as free. Limits that were set for this process
    are heeded.
    """
    try:
        return max(min(_free_bytes(), _left_of_limits()), 0)
    except (OSError, ValueError, AttributeError):
        return None


def resident_bytes() -> int | None:
    """Main memory of this process (on macOS the most it has held); None where the system doesn't tell."""
    try:
        return _resident_bytes()
    except (OSError, ValueError, AttributeError):
        return None


def held_bytes() -> int | None:
    """What of it the system can't take back, as it can what lies in files; all of it where that isn't told apart."""
    try:
        return _held_bytes()
    except (OSError, ValueError, AttributeError):
        return None


if sys.platform == "win32":
    # MEMORYSTATUSEX of sysinfoapi.h: two 32-bit numbers, then seven of 64; the first two are total and free.
    class _Status(ctypes.Structure):
        _fields_ = (
            ("size", ctypes.c_uint32),
            ("load", ctypes.c_uint32),
            *((f"field_{number}", ctypes.c_uint64) for number in range(7)),
        )

    # PROCESS_MEMORY_COUNTERS of psapi.h: two 32-bit numbers, then eight of pointer size; WorkingSetSize is the second.
    class _Counters(ctypes.Structure):
        _fields_ = (
            ("size", ctypes.c_uint32),
            ("page_faults", ctypes.c_uint32),
            *((f"field_{number}", ctypes.c_size_t) for number in range(8)),
        )

    def _status() -> _Status:
        status = _Status(size=ctypes.sizeof(_Status))
        if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
            raise OSError("The system doesn't tell.")
        return status

    def _total_bytes() -> int:
        return int(_status().field_0)

    def _free_bytes() -> int:
        return int(_status().field_1)

    def _left_of_limits() -> int:
        return _UNLIMITED

    def _resident_bytes() -> int | None:
        counters = _Counters(size=ctypes.sizeof(_Counters))
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        kernel.K32GetProcessMemoryInfo.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint32)
        answered = kernel.K32GetProcessMemoryInfo(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.size)
        return int(counters.field_1) if answered else None

    def _held_bytes() -> int | None:
        return _resident_bytes()

elif sys.platform == "darwin":
    _VM_INFO64: Final = 4  # of mach/host_info.h: vm_statistics64, which begins with the pages free, active, inactive

    def _total_bytes() -> int:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")

    def _free_bytes() -> int:
        system = ctypes.CDLL(None)
        pages, count = (ctypes.c_uint32 * 64)(), ctypes.c_uint32(64)
        if system.host_statistics64(system.mach_host_self(), _VM_INFO64, pages, ctypes.byref(count)):
            raise OSError("The system doesn't tell.")
        free, _, inactive = pages[:3]
        return (free + inactive) * os.sysconf("SC_PAGE_SIZE")

    def _left_of_limits() -> int:
        return _UNLIMITED

    def _resident_bytes() -> int | None:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def _held_bytes() -> int | None:
        return _resident_bytes()

else:
    _GROUPS: Final = Path("/sys/fs/cgroup")

    def _total_bytes() -> int:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")

    def _free_bytes() -> int:
        return _kilobytes(Path("/proc/meminfo"), "MemAvailable")

    def _left_of_limits() -> int:
        return min(_left_of_group(), _left_of_process())

    def _left_of_group() -> int:
        """What a container leaves: the limit of its control group, version 2 or 1, without what it holds already."""
        own = ("memory.max", "memory.current"), ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes")
        for limit, used in own:
            with suppress(OSError, ValueError):  # "max" where there is none
                allowed = int((_GROUPS / limit).read_text(encoding="ascii"))
                if allowed < _UNLIMITED:
                    return allowed - int((_GROUPS / used).read_text(encoding="ascii")) + _cached_by_group()
        return _UNLIMITED

    def _cached_by_group() -> int:
        """What the group holds only to save reading from disk."""
        for name in ("memory.stat", "memory/memory.stat"):
            with suppress(OSError):
                lines = (_GROUPS / name).read_text(encoding="ascii").splitlines()
                return sum(int(line.split()[1]) for line in lines if line.startswith("inactive_file "))
        return 0

    def _left_of_process() -> int:
        """What ``ulimit -d`` and ``ulimit -v`` leave."""
        import resource

        left = _UNLIMITED
        for limit, field in ((resource.RLIMIT_DATA, "VmData"), (resource.RLIMIT_AS, "VmSize")):
            allowed, _ = resource.getrlimit(limit)
            if allowed != resource.RLIM_INFINITY:
                left = min(left, allowed - _kilobytes(Path("/proc/self/status"), field))
        return left

    def _kilobytes(file: Path, field: str) -> int:
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) * 1024
        raise ValueError(f"{file} has no {field}.")

    def _resident_bytes() -> int | None:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def _held_bytes() -> int | None:
        return _kilobytes(Path("/proc/self/status"), "RssAnon")
