"""What a computer has to compute with, as plain data and without TensorFlow."""

import os
import platform
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from tlstudio.modeling.memory import total_bytes

_NVIDIA: Final = Path("/proc/driver/nvidia")


@dataclass(frozen=True, slots=True)
class Hardware:
    """What a training ran on.

    Attributes:
        processor: Its name.
        cores: Threads that it runs at once.
        memory: Main memory in bytes; 0 where the system doesn't tell.
        gpus: Names of the graphics cards that computed; none if the processor did.
        threads: Threads that TensorFlow was given; 0 for as many as it likes.
        system: Operating system and kind of machine.
    """

    processor: str = ""
    cores: int = 0
    memory: int = 0
    gpus: tuple[str, ...] = ()
    threads: int = 0
    system: str = ""


def cores() -> int:
    """Threads that this process may run at once."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only some systems tell
        return os.cpu_count() or 1


def this_computer(gpus: tuple[str, ...] = (), threads: int = 0) -> Hardware:
    """This computer, and what of it computes."""
    system = f"{platform.system()} {platform.release()}, {platform.machine()}"
    return Hardware(processor_name(), cores(), total_bytes() or 0, gpus, threads, system)


@lru_cache(maxsize=1)
def processor_name() -> str:
    """What its maker calls the processor; the kind of machine where the system doesn't tell."""
    with suppress(OSError, ValueError, AttributeError):
        found = _processor_name().strip()
        if found:
            return found
    return platform.processor() or platform.machine()


if sys.platform == "win32":

    def _processor_name() -> str:
        import winreg

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"HARDWARE\DESCRIPTION\System\CentralProcessor\0") as key:
            return str(winreg.QueryValueEx(key, "ProcessorNameString")[0])

elif sys.platform == "darwin":

    def _processor_name() -> str:
        import ctypes

        name, size = ctypes.create_string_buffer(256), ctypes.c_size_t(256)
        if ctypes.CDLL(None).sysctlbyname(b"machdep.cpu.brand_string", name, ctypes.byref(size), None, 0):
            return ""
        return name.value.decode()

else:

    def _processor_name() -> str:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        return next((line.partition(":")[2] for line in lines if line.startswith("model name")), "")


def nvidia_card(driver: Path = _NVIDIA) -> str:
    """The name of an NVIDIA graphics card whose driver is installed; "" if there is none.

    Only files are looked at: asking the driver takes seconds where the card sleeps.
    """
    for file in sorted(driver.glob("gpus/*/information")):
        with suppress(OSError):
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
            return next((line.partition(":")[2].strip() for line in lines if line.startswith("Model:")), "NVIDIA")
    return "NVIDIA" if (driver / "version").is_file() or shutil.which("nvidia-smi") else ""


def missing_support(card: str, platform_name: str = sys.platform) -> str:
    """What to install so that TensorFlow computes on an NVIDIA card that it can't use yet; "" for no card."""
    if not card:
        return ""
    name = "The NVIDIA graphics card" if card == "NVIDIA" else f"The graphics card {card.removeprefix('NVIDIA ')}"
    if platform_name == "win32":
        return f"{name} is not used: TensorFlow for Windows has no support for it. Inside WSL 2 it has."
    return (
        f"{name} is not used: this TensorFlow can't. To change that, run "
        "“pip install 'tensorflow[and-cuda]'” where TL Studio is installed, and start it again."
    )
