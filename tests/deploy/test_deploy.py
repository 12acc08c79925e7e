"""The files of `deploy/` name what there is: settings, flags, files, metrics; nothing runs as root."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import pytest
import yaml
from typer.main import get_command

from penstock.cli.main import app
from penstock.config import OPTIONS

ROOT: Final = Path(__file__).parents[2]
DEPLOY: Final = ROOT / "deploy"
DOCKERFILE: Final = (DEPLOY / "docker" / "Dockerfile").read_text()
CHART: Final = DEPLOY / "helm" / "penstock"
UNITS: Final = sorted((DEPLOY / "systemd").glob("*.service"))
PINNED: Final = re.compile(r"\d+\.\d+(\.\d+)?-?\w*")


def text_files() -> Iterator[tuple[str, str]]:
    for file in sorted(DEPLOY.rglob("*")):
        if file.is_file():
            yield str(file.relative_to(ROOT)), file.read_text()


def compose() -> Any:
    return yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text())


def directives(unit: Path) -> dict[str, list[str]]:
    """Give what a unit says, by name; a name may be there several times."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", unit.read_text(), re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


def is_known(words: list[str]) -> bool:
    """Tell whether the command line takes this command with these flags."""
    command: Any = get_command(app)
    while words and hasattr(command, "commands"):
        command = command.commands[words[0]]
        words = words[1:]
    flags = {flag for option in command.params for flag in (*option.opts, *option.secondary_opts)}
    return all(word in flags for word in words if word.startswith("-"))


def test_every_setting_that_is_named_exists() -> None:
    known = {option.variable for option in OPTIONS}
    named = {
        (file, name) for file, text in text_files() for name in re.findall(r"PENSTOCK_[A-Z_]*[A-Z]", text)
    }
    assert len(named) > 10
    assert {(file, name) for file, name in named if name not in known} == set()


def test_every_command_that_is_run_exists_with_its_flags() -> None:
    runs = [service["command"] for service in compose()["services"].values() if "command" in service]
    runs += [directives(unit)["ExecStart"][0].split()[1:] for unit in UNITS]
    runs += [
        yaml.safe_load(args)
        for file in (CHART / "templates").glob("*.yaml")
        for args in re.findall(r"args: (\[.*\])", file.read_text())
    ]
    assert len(runs) == 9
    for run in runs:
        assert is_known(run), run


# -- the image -------------------------------------------------------------------------------------


def test_the_image_takes_only_what_there_is_and_what_is_not_ignored() -> None:
    allowed = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    sources = [source for copy in copies for source in copy.split()]
    assert {"src/", "web/", "pyproject.toml"} <= set(sources)
    for source in sources:
        assert (ROOT / source).exists(), source
        assert source in allowed, source


def test_the_image_runs_as_nobody_of_importance_and_tells_of_its_health() -> None:
    last = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert last.index("\nUSER") < last.index("\nENTRYPOINT")
    assert "HEALTHCHECK" in last
    assert "/health/ready" in last


def test_every_image_is_pinned() -> None:
    versions = re.findall(r"^ARG \w+=(\S+)$", DOCKERFILE, re.MULTILINE)
    images = [service["image"] for service in compose()["services"].values()]
    versions += [image.partition(":")[2] for image in images if image != "penstock"]
    assert len(versions) == 4
    for version in versions:
        assert PINNED.match(version), version


# -- the compose file ------------------------------------------------------------------------------


def test_there_are_a_database_two_nodes_and_a_worker_without_rights_that_they_need_not() -> None:
    services = compose()["services"]
    assert {"database", "node1", "node2", "worker"} <= set(services)
    for name in ("schema", "node1", "node2", "worker"):
        service = services[name]
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_no_secret_is_in_the_compose_file() -> None:
    assert "PASSWORD:" not in (DEPLOY / "docker" / "compose.yaml").read_text().replace(
        "POSTGRES_PASSWORD_FILE:", ""
    )
    assert all("file" in secret for secret in compose()["secrets"].values())


# -- the chart -------------------------------------------------------------------------------------


@pytest.fixture
def values() -> Any:
    return yaml.safe_load((CHART / "values.yaml").read_text())


@pytest.fixture
def schema() -> Any:
    return json.loads((CHART / "values.schema.json").read_text())


def test_the_values_meet_their_schema_and_bad_ones_do_not(values: Any, schema: Any) -> None:
    jsonschema_rs.validate(schema, values)
    for bad in ({"node": {"replicas": 0}}, {"nodes": 2}, {"settings": {"LEVEL": "info"}}):
        assert not jsonschema_rs.is_valid(schema, values | bad), bad


def test_every_value_that_a_template_takes_is_there(values: Any) -> None:
    for file in sorted((CHART / "templates").iterdir()):
        for path in re.findall(r"\.Values((?:\.\w+)+)", file.read_text()):
            place = values
            for name in path[1:].split("."):
                assert name in place, f"{file.name}: .Values{path}"
                place = place[name]


def test_the_chart_is_of_this_version() -> None:
    version = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"] == version[1]


def test_a_pod_has_no_rights_that_it_needs_not() -> None:
    helpers = (CHART / "templates" / "_helpers.tpl").read_text()
    for line in (
        "runAsNonRoot: true",
        "allowPrivilegeEscalation: false",
        "readOnlyRootFilesystem: true",
        "automountServiceAccountToken: false",
        "capabilities: {drop: [ALL]}",
    ):
        assert line in helpers


# -- the units -------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_given_time_to_stop_and_nothing_that_it_needs_not(unit: Path) -> None:
    found = directives(unit)
    (graceful,) = [it for it in found["Environment"] if it.startswith("PENSTOCK_GRACEFUL_TIMEOUT=")]
    assert int(found["TimeoutStopSec"][0]) > int(graceful.partition("=")[2])
    assert found["KillMode"] == ["mixed"], "worker processes end with their server, and not before it"
    assert (found["DynamicUser"], found["ProtectSystem"]) == (["yes"], ["strict"])
    assert (found["CapabilityBoundingSet"], found["NoNewPrivileges"]) == ([""], ["yes"])
