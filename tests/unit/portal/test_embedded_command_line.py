"""The launcher's command line and what it finds on a machine."""

import os
import tempfile
from pathlib import Path

import pytest

from portal.embedded import processes, programs, state
from portal.embedded.__main__ import arguments, exports


def test_the_command_keeps_its_own_options() -> None:
    options = arguments(["--data", "var", "pytest", "-q", "--data", "other"])

    assert options.data == Path("var")
    assert options.command == ["pytest", "-q", "--data", "other"]


def test_without_a_command_the_usage_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments([])

    assert "say which command to run" in capsys.readouterr().err


def test_addresses_are_quoted_for_a_shell() -> None:
    assert exports({"DATABASE_URL": "postgres://a b"}) == "export DATABASE_URL='postgres://a b'"


def test_the_state_of_living_servers_is_found(tmp_path: Path) -> None:
    state.write(tmp_path, {"DATABASE_URL": "postgres://x"})

    assert state.read(tmp_path) == {"DATABASE_URL": "postgres://x"}
    assert (tmp_path / state.FILE).stat().st_mode & 0o777 == 0o600


def test_the_state_of_dead_servers_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / state.FILE).write_text(f"DATABASE_URL=postgres://x\n{state.KEEPER}=999999999\n")

    assert state.read(tmp_path) == {}
    assert state.keeper_of(tmp_path) is None


def test_no_state_is_no_servers(tmp_path: Path) -> None:
    assert state.read(tmp_path) == {}


def test_a_folder_behind_a_closed_one_is_out_of_reach() -> None:
    stranger = processes.Account("stranger", os.geteuid() + 4242, os.getegid() + 4242)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "checkout").mkdir()

        home.chmod(0o700)
        assert not programs.reachable(home / "checkout", stranger)
        home.chmod(0o711)
        assert programs.reachable(home / "checkout", stranger)


def test_each_closed_data_folder_gets_a_stand_in_of_its_own() -> None:
    one = programs.stage_for(Path("/srv/one/var"))
    other = programs.stage_for(Path("/srv/other/var"))

    assert one != other
    assert one == programs.stage_for(Path("/srv/one/var"))
