"""What the machine says of processes and of itself: processor time, memory, noise."""

import os
import statistics
import time
from pathlib import Path

NOISY = 1.25


def family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += children.get(one, [])
    return found


def cpu_ms(pids: list[int]) -> float:
    """Return the processor time that these processes used so far, user and system, all threads."""
    # A process's clock id, as clock_getcpuclockid(3) makes it.
    return sum(time.clock_gettime_ns((~pid << 3) | 2) for pid in pids) / 1_000_000


def pss_mb(pids: list[int]) -> float:
    """Return the memory of these processes, shared pages counted once."""
    kilobytes = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                kilobytes += int(line.split()[1])
    return kilobytes / 1024


def noise_probe(rounds: int = 25) -> dict[str, float]:
    """Time a fixed loop: its median tells the machine's speed now, wall over processor its load."""
    walls, shares = [], []
    for _ in range(rounds):
        wall, own = time.perf_counter(), time.process_time()
        sum(range(400_000))
        wall, own = time.perf_counter() - wall, time.process_time() - own
        walls.append(wall * 1000)
        shares.append(wall / own)
    return {
        "median_ms": statistics.median(walls),
        "wall_over_cpu": statistics.fmean(shares),
        "load1": os.getloadavg()[0],
    }


def is_noisy(first: dict[str, float], last: dict[str, float]) -> bool:
    """Tell whether the probe moved by more than a quarter, or had to share its core that much."""
    fast, slow = sorted((first["median_ms"], last["median_ms"]))
    return slow > fast * NOISY or max(first["wall_over_cpu"], last["wall_over_cpu"]) > NOISY
