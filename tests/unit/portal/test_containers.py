"""Dockerfile and compose file name only what the code accepts."""

import ast
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from celery.bin.celery import celery as celery_command
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.urls import resolve, reverse
from gunicorn.config import make_settings

from portal import environment

ROOT = Path(__file__).resolve().parents[3]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = ("migrate", "web", "worker", "beat")
LONG_RUNNING = ("web", "worker", "beat")
# What the images of others document for themselves.
FOREIGN_NAMES = {
    "database": {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_INITDB_ARGS"},
    "redis": {"REDIS_PASSWORD"},
}
PYTHON_NAMES = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
NEEDED_IN_PRODUCTION = {
    "PORTAL_ORIGIN",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "EMAIL_FROM",
    "SECRET_KEY",
    "AUDIT_KEY",
    "ANSWER_PEPPER",
}


def service(name: str) -> dict[str, Any]:
    """One service of the compose file."""
    found: dict[str, Any] = COMPOSE["services"][name]
    return found


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as pairs of instruction and rest, continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n", " ", text).splitlines()
    pairs = (line.strip().partition(" ") for line in lines if line.strip())
    return [(name.upper(), rest.strip()) for name, _, rest in pairs]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    start = max(index for index, (name, _) in enumerate(found) if name == "FROM")
    return found[start:]


def accept(command: list[str]) -> None:
    """Fail unless the program would take this command line."""
    program, *rest = command
    if program == "gunicorn":
        accept_gunicorn(rest)
    elif program == "celery":
        accept_celery(rest)
    elif (program, rest[0]) == ("python", "manage.py"):
        accept_management(rest[1], rest[2:])
    else:
        pytest.fail(f"nobody knows {program}")


def accept_gunicorn(words: list[str]) -> None:
    import importlib

    assert words[0] == "--config"
    module = importlib.import_module(words[1].removeprefix("python:"))
    known = make_settings()
    used = {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_") and name in known
    }
    assert {"bind", "workers", "worker_class", "when_ready"} <= set(used)
    for name, value in used.items():
        known[name].set(value)
    own = {name for name, node in _assignments(Path(str(module.__file__))) if name[0] != "_"}
    assert own <= set(known), "gunicorn ignores names that it does not know"
    assert words[2:] == ["portal.wsgi"]
    assert (ROOT / "portal" / "wsgi.py").is_file()


def _assignments(path: Path) -> list[tuple[str, ast.stmt]]:
    """Names that a module assigns or defines at its top level."""
    found: list[tuple[str, ast.stmt]] = []
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign):
            found += [(target.id, node) for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.FunctionDef):
            found.append((node.name, node))
    return found


def accept_celery(words: list[str]) -> None:
    assert words[:2] == ["-A", "portal"]
    sub_command = celery_command.commands[words[2]]
    sub_command.make_parser(_context(sub_command)).parse_args(list(words[3:]))


def _context(sub_command: Any) -> Any:
    import click

    return click.Context(sub_command, obj=None)


def accept_management(name: str, words: list[str]) -> None:
    command = load_command_class(get_commands()[name], name)
    command.create_parser("manage.py", name).parse_args(words)


@pytest.mark.parametrize("name", OURS)
def test_commands_are_accepted(name: str) -> None:
    accept(service(name)["command"])


def test_the_image_starts_the_web_server() -> None:
    command = next(rest for name, rest in last_stage() if name == "CMD")
    words = yaml.safe_load(command)
    assert words == service("web")["command"]
    accept(words)


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_health_checks_are_accepted(name: str) -> None:
    kind, *command = service(name)["healthcheck"]["test"]
    assert kind == "CMD"
    accept(command)


def test_the_health_path_resolves_to_a_public_page() -> None:
    for name in ("healthz", "readyz"):
        assert resolve(reverse(name)).func.access == "public"  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", OURS)
def test_environment_names_are_known(name: str) -> None:
    assert set(service(name)["environment"]) <= set(environment.NAMES)


@pytest.mark.parametrize("name", OURS)
def test_every_variable_can_be_set_from_outside(name: str) -> None:
    inside = {"PORTAL_DATA", "STATIC_ROOT", "PORT"}  # the image's own
    refused_in_production = {"CLOCK_OFFSET_SECONDS"}
    assert set(environment.NAMES) - inside - refused_in_production == set(
        service(name)["environment"]
    )


@pytest.mark.parametrize("name", OURS)
def test_everything_production_needs_is_given(name: str) -> None:
    assert set(service(name)["environment"]) >= NEEDED_IN_PRODUCTION
    assert service(name)["environment"]["PORTAL_MODE"] == "production"


@pytest.mark.parametrize("name", OURS)
def test_what_an_agency_chooses_is_passed_on_with_the_defaults_of_the_code(name: str) -> None:
    defaults = {
        "PASSWORD_PROFILE": settings.PASSWORD_PROFILE,
        "CHALLENGE_QUESTIONS_ENABLED": "on" if settings.CHALLENGE_QUESTIONS_ENABLED else "off",
        "OMB_CONTROL_NUMBER": settings.OMB_CONTROL_NUMBER,
        "OMB_EXPIRATION_DATE": settings.OMB_EXPIRATION_DATE,
    }

    for variable, default in defaults.items():
        assert service(name)["environment"][variable] == f"${{{variable}:-{default}}}"


@pytest.mark.parametrize("name", FOREIGN_NAMES)
def test_foreign_images_get_their_own_names_only(name: str) -> None:
    assert set(service(name)["environment"]) == FOREIGN_NAMES[name]


def test_no_secret_is_written_down() -> None:
    for name in (*OURS, *FOREIGN_NAMES):
        for variable, value in service(name)["environment"].items():
            if re.search(r"KEY|PEPPER|PASSWORD$|_URL", variable):
                assert "${" in value, variable
                assert ":?" in value, f"{variable} has to be asked for"


def test_the_image_carries_no_secret() -> None:
    for name, rest in instructions():
        if name in {"ENV", "ARG"}:
            assert not re.search(r"KEY|PEPPER|PASSWORD|SECRET|TOKEN", rest)


def test_the_image_names_known_variables_only() -> None:
    for name, rest in last_stage():
        if name == "ENV":
            names = {word.partition("=")[0] for word in shlex.split(rest)}
            assert names <= set(environment.NAMES) | PYTHON_NAMES


def test_the_image_runs_as_an_ordinary_user() -> None:
    users = [rest for name, rest in last_stage() if name == "USER"]
    assert users == ["portal"]
    after_user = [name for name, _ in last_stage()][-3:]
    assert "RUN" not in after_user


def test_the_image_is_made_in_stages() -> None:
    assert sum(name == "FROM" for name, _ in instructions()) == 3


def test_everything_copied_exists_and_reaches_the_build() -> None:
    let_through = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    for name, rest in instructions():
        if name == "COPY" and not rest.startswith("--from"):
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert source in let_through, source


def test_every_room_is_in_the_image() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    copied = {
        source
        for name, rest in instructions()
        if name == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    assert rooms | {"templates", "static"} <= copied


def test_processes_wait_for_what_they_need() -> None:
    for name in LONG_RUNNING:
        assert service(name)["depends_on"] == {
            "database": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
            "migrate": {"condition": "service_completed_successfully"},
        }
    for name in FOREIGN_NAMES:
        assert service(name)["healthcheck"]["test"]


def test_redis_keeps_its_queue() -> None:
    command = service("redis")["command"][-1]
    assert "--appendonly yes" in command
    assert "--requirepass" in command


def test_ports_are_open_to_this_machine_only() -> None:
    published = [port for entry in COMPOSE["services"].values() for port in entry.get("ports", [])]
    assert published == ["127.0.0.1:8000:8000"]


def test_one_beat_runs() -> None:
    beats = [
        name for name, entry in COMPOSE["services"].items() if "beat" in entry.get("command", [])
    ]
    assert beats == ["beat"]
    assert "deploy" not in service("beat")
