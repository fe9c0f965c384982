"""Runs a command with DATABASE_URL and REDIS_URL, starting the servers that nobody gave."""

import argparse
import contextlib
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

from portal.embedded import processes, state
from portal.embedded.errors import EmbeddedError
from portal.embedded.servers import Servers

ADDRESSES = ("DATABASE_URL", "REDIS_URL")

EPILOG = """
examples:
  python -m portal.embedded .venv/bin/pytest tests/integration
      servers for this command only: fast, nothing is kept, nothing is left behind
  python -m portal.embedded --data var ./manage.py serve
      servers whose data stays in var/
  eval "$(python -m portal.embedded --keep build/servers)"
      start (or find) servers in the background and set DATABASE_URL and REDIS_URL in this shell
  python -m portal.embedded --stop build/servers
      stop them; the folder can be removed then

An address that is already set in the environment is respected and no server is started for it.
"""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m portal.embedded",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, help="keep the data in this folder")
    parser.add_argument("--fast", action="store_true", help="with --data: no promise to the disk")
    parser.add_argument("--port", type=int, default=0, help="port of PostgreSQL (default: any)")
    parser.add_argument("--redis-port", type=int, default=0, help="port of Valkey (default: any)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--print-env", action="store_true", help="print the addresses and run until interrupted"
    )
    what.add_argument("--keep", type=Path, metavar="FOLDER", help="leave servers running there")
    what.add_argument("--stop", type=Path, metavar="FOLDER", help="stop the servers kept there")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="the command to run")
    options = parser.parse_args(given)
    if not (options.command or options.print_env or options.keep or options.stop):
        parser.error("say which command to run, or --print-env, --keep or --stop")
    return options


def exports(addresses: dict[str, str]) -> str:
    """Return the addresses as lines for a shell."""
    return "\n".join(f"export {name}={shlex.quote(url)}" for name, url in addresses.items())


def run(command: Sequence[str], environment: dict[str, str], servers: Servers | None = None) -> int:
    """Run the command as a child that hears our signals and dies with us; return its exit code."""
    child = processes.start(command, env=environment)
    if servers is not None:
        servers.watch(child)

    def pass_on(number: int, frame: FrameType | None) -> None:
        if number == signal.SIGINT and _terminal_is_ours():
            return  # the terminal told the child already
        if child.poll() is None:
            child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    code = _outcome_of(child)
    return 128 - code if code < 0 else code


def _outcome_of(child: subprocess.Popen[bytes]) -> int:
    """Wait for a child to end, a second at a time.

    A signal that comes in the instant before a wait without end is heard only after it.
    """
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return child.wait(1)


def _terminal_is_ours() -> bool:
    try:
        with Path("/dev/tty").open("rb", buffering=0) as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False


def hold(addresses: dict[str, str]) -> NoReturn:
    """Print the addresses and wait for a signal to end."""
    print(exports(addresses), flush=True)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    while True:  # until the handler of a signal raises; see `_outcome_of`
        time.sleep(1)


def keep(folder: Path) -> int:
    """Leave servers running in the background and print their addresses."""
    if not state.read(folder):
        folder.mkdir(parents=True, exist_ok=True)
        environment = {name: value for name, value in os.environ.items() if name not in ADDRESSES}
        log_file = folder / "embedded.log"
        log_file.touch(mode=0o600)
        with log_file.open("wb") as log:
            child = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "portal.embedded",
                    "--data",
                    folder,
                    "--fast",
                    "--print-env",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
                start_new_session=True,
            )
        while not state.read(folder):
            if child.poll() is not None:
                raise EmbeddedError(log_file.read_text().strip())
            time.sleep(0.05)
    print(exports(state.read(folder)))
    return 0


def stop(folder: Path) -> int:
    """Stop the servers that were left running in a folder."""
    keeper = state.keeper_of(folder)
    if keeper is None:
        print(f"No servers run in {folder}.")
        return 0
    os.kill(keeper, signal.SIGTERM)
    until = time.monotonic() + 60
    while processes.lives(keeper):
        if time.monotonic() > until:
            raise EmbeddedError(f"Process {keeper} does not end.")
        time.sleep(0.05)
    return 0


def interrupt(number: int, frame: FrameType | None) -> None:
    """End in the orderly way, through the `with` block, when told to terminate."""
    raise SystemExit(128 + number)


def main(given: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit code."""
    options = arguments(given)
    if options.stop:
        return stop(options.stop)
    if options.keep:
        return keep(options.keep)
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    environment = dict(os.environ)
    wanted = tuple(name for name in ADDRESSES if not environment.get(name))
    if not wanted and command:
        os.execvpe(command[0], command, environment)  # noqa: S606 - the developer's own command
    running = state.read(options.data) if options.data and command else {}
    if running:
        return run(command, {**environment, **running})
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    with Servers(
        options.data,
        throw_away=options.fast,
        wanted=wanted,
        postgres_port=options.port,
        valkey_port=options.redis_port,
    ) as servers:
        if not command:
            hold(servers.addresses)
        environment.setdefault("PORTAL_DATA", str(servers.data))
        return run(command, {**environment, **servers.addresses}, servers)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except EmbeddedError as error:
        sys.exit(f"{error}")
    except KeyboardInterrupt:
        sys.exit(130)
