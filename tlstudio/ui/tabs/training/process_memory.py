"""How much main memory this process holds. Knows no Qt."""

import ctypes
import os
import sys
from pathlib import Path


def resident_bytes() -> int | None:
    """Main memory of this process in bytes (on macOS the most it has held); None where the system doesn't tell."""
    try:
        return _resident_bytes()
    except (OSError, ValueError, AttributeError):
        return None


if sys.platform == "win32":
    # PROCESS_MEMORY_COUNTERS of psapi.h: two 32-bit numbers, then eight of pointer size; WorkingSetSize is the second.
    class _Counters(ctypes.Structure):
        _fields_ = (
            ("size", ctypes.c_uint32),
            ("page_faults", ctypes.c_uint32),
            *((f"field_{number}", ctypes.c_size_t) for number in range(8)),
        )

    def _resident_bytes() -> int | None:
        counters = _Counters(size=ctypes.sizeof(_Counters))
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        kernel.K32GetProcessMemoryInfo.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint32)
        answered = kernel.K32GetProcessMemoryInfo(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.size)
        return int(counters.field_1) if answered else None

elif sys.platform == "darwin":

    def _resident_bytes() -> int | None:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

else:

    def _resident_bytes() -> int | None:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
