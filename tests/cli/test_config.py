"""Settings: which layer goes first, what is refused, and where each value came from."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from penstock import config_readers as readers
from penstock.config import OPTIONS, SettingsError, load, shown


def write(folder: Path, text: str) -> Path:
    (folder / "penstock.toml").write_text(text, encoding="utf-8")
    return folder


def test_defaults_hold_where_nothing_is_set(tmp_path: Path) -> None:
    settings = load(tmp_path, environment={})
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.database == f"sqlite:///{tmp_path}/penstock.db"
    assert {origin.text for origin in settings.origins.values()} == {"default"}


def test_the_file_goes_before_the_default(tmp_path: Path) -> None:
    settings = load(write(tmp_path, "port = 9000"), environment={})
    assert settings.port == 9000
    assert settings.origins["port"].text == str(tmp_path / "penstock.toml")


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    settings = load(write(tmp_path, "port = 9000"), environment={"PENSTOCK_PORT": "9001"})
    assert settings.port == 9001
    assert settings.origins["port"].text == "PENSTOCK_PORT"


def test_a_flag_goes_before_the_environment(tmp_path: Path) -> None:
    settings = load(tmp_path, flags={"port": "9002"}, environment={"PENSTOCK_PORT": "9001"})
    assert settings.port == 9002
    assert settings.origins["port"].text == "--port"


def test_a_flag_that_is_not_said_changes_nothing(tmp_path: Path) -> None:
    assert load(tmp_path, flags={"port": None}, environment={"PENSTOCK_PORT": "9001"}).port == 9001


def test_an_unknown_key_names_the_file_and_the_key(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"penstock\.toml: unknown key 'prot'.*port"):
        load(write(tmp_path, "prot = 1"), environment={})


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"penstock\.toml is not valid TOML"):
        load(write(tmp_path, "port = "), environment={})


def test_a_project_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "hello.bpmn"
    file.touch()
    with pytest.raises(SettingsError, match="is a file"):
        load(file, environment={})


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("PENSTOCK_PORT", "70000", "a port from 0 to 65535"),
        ("PENSTOCK_PROCESSES", "0", "a whole number from 1"),
        ("PENSTOCK_BODY_LIMIT", "4 MB", "a size above zero"),
        ("PENSTOCK_FUNCTION_TIMEOUT", "-3", "a time above zero"),
        ("PENSTOCK_FUNCTION_TIMEOUT", "nan", "a time above zero"),
        ("PENSTOCK_RELOAD", "perhaps", "true or false"),
        ("PENSTOCK_LOG_LEVEL", "loud", "one of debug, info, warning, error"),
        ("PENSTOCK_DATABASE", "mysql://x", "the URL of a database"),
        ("PENSTOCK_DATABASE", "sqlite:///:memory:", "the URL of a database"),
        ("PENSTOCK_SERVER", "localhost", "the address of a server"),
        ("PENSTOCK_HOST", " ", "a text that is not empty"),
    ],
)
def test_a_value_of_the_wrong_kind_names_the_place_and_what_is_expected(
    tmp_path: Path, variable: str, value: str, expected: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{variable} is .*{expected}"):
        load(tmp_path, environment={variable: value})


def test_a_relative_database_in_the_file_starts_from_the_project(tmp_path: Path) -> None:
    settings = load(write(tmp_path, 'database = "sqlite:///data/my.db"'), environment={})
    assert settings.database == f"sqlite:///{tmp_path}/data/my.db"


def test_a_relative_database_of_a_flag_starts_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load(tmp_path / "project", flags={"database": "sqlite:///my.db"}, environment={})
    assert settings.database == f"sqlite:///{tmp_path}/my.db"


def test_the_token_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret\n", encoding="utf-8")
    settings = load(write(tmp_path, 'token_file = "token"'), environment={})
    assert settings.token == "secret"
    assert str(tmp_path / "token") in settings.origins["token"].text


def test_a_token_of_a_higher_layer_goes_before_the_file_with_one(tmp_path: Path) -> None:
    settings = load(write(tmp_path, 'token_file = "token"'), environment={"PENSTOCK_TOKEN": "other"})
    assert settings.token == "other"


def test_a_token_and_a_token_file_in_one_layer_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="sets both token and token_file"):
        load(write(tmp_path, 'token = "a"\ntoken_file = "b"'), environment={})


def test_an_empty_token_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").touch()
    with pytest.raises(SettingsError, match="is empty"):
        load(tmp_path, flags={"token_file": tmp_path / "token"}, environment={})


def test_a_missing_token_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot read the token file"):
        load(tmp_path, flags={"token_file": tmp_path / "token"}, environment={})


def test_what_is_shown_masks_the_token(tmp_path: Path) -> None:
    values = shown(load(tmp_path, environment={"PENSTOCK_TOKEN": "secret"}))
    assert values["token"] == {"value": readers.MASK, "origin": "PENSTOCK_TOKEN"}
    assert "secret" not in repr(values)


def test_a_token_that_cannot_be_used_is_not_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"token is \*+") as failure:
        load(write(tmp_path, "token = 4711"), environment={})
    assert "4711" not in str(failure.value)


def test_every_setting_is_shown_with_its_origin(tmp_path: Path) -> None:
    assert list(shown(load(tmp_path, environment={}))) == [option.name for option in OPTIONS]


def test_service_levels_are_tables_in_the_file_and_a_line_each_where_they_are_shown(tmp_path: Path) -> None:
    file = write(tmp_path, '[levels.tasks.charge]\nconcurrency = 4\nrate = "10/s"\n')
    assert shown(load(file, environment={}))["levels"]["value"] == ["task charge: 4 at once, 10/s"]
    said = {"PENSTOCK_LEVELS": "{ tasks = { ship = { priority = 3 } } }"}
    assert shown(load(tmp_path, environment=said))["levels"]["value"] == ["task ship: priority 3"]
    with pytest.raises(SettingsError, match=r"whole number from 1 on at tasks\.ship\.concurrency"):
        load(tmp_path, environment={"PENSTOCK_LEVELS": "{ tasks = { ship = { concurrency = 0 } } }"})


def test_the_server_of_client_commands_follows_host_and_port(tmp_path: Path) -> None:
    assert load(tmp_path, flags={"host": "0.0.0.0", "port": 9}, environment={}).server == "http://127.0.0.1:9"
    assert load(tmp_path, flags={"host": "::1"}, environment={}).server == "http://[::1]:8080"
    assert load(tmp_path, flags={"server": "https://a.b/"}, environment={}).server == "https://a.b"


@pytest.mark.parametrize(
    ("text", "seconds"), [("1.5", 1.5), (2, 2.0), ("PT30S", 30.0), ("PT1M", 60.0), ("P1D", 86400.0)]
)
def test_a_time_is_seconds_or_a_duration(text: object, seconds: float) -> None:
    assert readers.duration(text, Path()) == seconds


@pytest.mark.parametrize(("text", "size"), [("10", 10), (10, 10), ("4KiB", 4096), ("4 MiB", 4 << 20)])
def test_a_size_is_bytes_or_has_a_unit(text: object, size: int) -> None:
    assert readers.size(text, Path()) == size


RAW = st.one_of(
    st.text(),
    st.text("~/:\0[]sqlite", max_size=12),
    st.integers(),
    st.just(10**400),
    st.floats(),
    st.booleans(),
    st.lists(st.integers()),
    st.none(),
)


@given(RAW)
def test_whatever_is_written_is_a_value_or_refused(raw: object) -> None:
    for option in OPTIONS:
        with suppress(ValueError):
            assert option.read(raw, Path("/")) is not None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ann:s3cret@db/penstock", "postgresql://ann:********@db/penstock"),
        ("postgresql://ann:s3:cr@et@db/p", "postgresql://ann:********@db/p"),
        (
            "postgresql://db/p?user=ann&password=s3cret&x=1",
            "postgresql://db/p?user=ann&password=********&x=1",
        ),
        ("postgresql://ann@db,db2/p?target_session_attrs=read-write", None),
        ("sqlite:////data/penstock.db", None),
    ],
)
def test_the_password_of_a_database_is_never_shown(tmp_path: Path, url: str, shown: str | None) -> None:
    assert readers.without_password(url) == (shown or url)


def test_a_database_of_another_kind_is_refused_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"'mysql://ann:.*postgresql://penstock@localhost") as caught:
        load(tmp_path, flags={"database": "mysql://ann:s3cret@db/p"}, environment={})
    assert "s3cret" not in str(caught.value)


def test_a_table_of_the_file_holds_settings_of_one_kind(tmp_path: Path) -> None:
    (tmp_path / "penstock.toml").write_text(
        '[retention]\nolder_than = "30d"\narchive = "old"\nevery = "PT2H"\n'
    )
    settings = load(tmp_path, environment={})
    assert settings.retention_older_than == 30 * 86_400
    assert settings.retention_archive == tmp_path / "old"
    assert settings.retention_every == 7200


def test_an_unknown_key_in_a_table_is_named_with_it(tmp_path: Path) -> None:
    (tmp_path / "penstock.toml").write_text("[retention]\nsince = 3\n")
    with pytest.raises(SettingsError, match="unknown key 'retention_since'"):
        load(tmp_path, environment={})
