"""The clock that work is timed with: it stands still while the computer sleeps."""

import sys
import time

if sys.platform == "win32":  # where time.monotonic goes on
    import ctypes

    def awake_seconds() -> float:
        """Seconds since some moment, without those that the computer slept."""
        passed = ctypes.c_uint64()
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(passed))
        return passed.value * 1e-7

else:

    def awake_seconds() -> float:
        """Seconds since some moment, without those that the computer slept."""
        return time.monotonic()
