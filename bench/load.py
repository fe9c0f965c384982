"""Throughput with several requests under way at once: wrk where it is installed, else our own."""

import re
import shutil
import subprocess
import threading
import time

from bench.client import BenchError, Request, ask


def per_second(request: Request, port: int, *, seconds: float, at_once: int = 8) -> float:
    """Return the answers a second of a page read over and over.

    Raises BenchError when an answer is not the expected one.
    """
    ask(request, port)
    if program := shutil.which("wrk"):
        return _wrk(program, request, port, seconds, at_once)
    return _own(request, port, seconds, at_once)


def _wrk(program: str, request: Request, port: int, seconds: float, at_once: int) -> float:
    cookies = "; ".join(f"{name}={text}" for name, text in request.cookies.items())
    command = [program, "-t", "1", "-c", str(at_once), "-d", f"{max(1, round(seconds))}s"]
    command += ["-H", f"Cookie: {cookies}", f"http://127.0.0.1:{port}{request.path}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    if found is None or "Non-2xx" in done.stdout:
        raise BenchError(f"wrk on {request.path}:\n{done.stdout}")
    return float(found.group(1))


def _own(request: Request, port: int, seconds: float, at_once: int) -> float:
    until = time.perf_counter() + seconds
    done: list[int] = []
    errors: list[BenchError] = []

    def repeat() -> None:
        answers = 0
        try:
            while time.perf_counter() < until:
                ask(request, port)
                answers += 1
        except BenchError as error:
            errors.append(error)
        done.append(answers)

    threads = [threading.Thread(target=repeat) for _ in range(at_once)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return sum(done) / (time.perf_counter() - began)
