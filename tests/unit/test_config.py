from __future__ import annotations

import pytest

from trailhound import config
from trailhound.model.errors import ConfigError


@pytest.fixture
def written(tmp_path):
    def write(*texts):
        paths = []
        for number, text in enumerate(texts):
            path = tmp_path / f"{number}.toml"
            path.write_text(text, "utf-8")
            paths.append(path)
        return tuple(paths)

    return write


def test_without_anything_the_defaults_hold(written):
    found = config.load(environment={}, files=written())
    assert found.settings == config.Settings()
    assert {origin for _, _, origin in found.items()} == {"default"}


def test_the_later_layer_wins_and_the_origin_is_told(written):
    files = written(
        "[scan]\njobs = 1\nfail_on = 'low'\n[limits]\njson_depth = 5\n", "[scan]\n\njobs = 2\n"
    )
    env = {"TRAILHOUND_SCAN__JOBS": "3", "TRAILHOUND_SCAN__RULES": "a, b"}
    found = config.load({"scan.jobs": (4, "--jobs")}, environment=env, files=files)
    assert found.settings.scan.jobs == 4
    assert found.origin("scan.jobs") == "--jobs"
    assert found.settings.scan.rules == ("a", "b")
    assert found.origin("scan.rules") == "TRAILHOUND_SCAN__RULES"
    assert found.settings.limits.json_depth == 5
    assert found.origin("limits.json_depth") == f"{files[0]}:5"
    assert found.origin("scan.fail_on") == f"{files[0]}:3"
    without_flag = config.load(environment=env, files=files)
    assert without_flag.settings.scan.jobs == 3
    assert config.load(environment={}, files=files).origin("scan.jobs") == f"{files[1]}:3"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[limits]\njson_dept = 3\n", 2, "did you mean 'json_depth'"),
        ("[limit]\n", 1, "did you mean 'limits'"),
        ("[scan]\nprofile = 'hnt'\n", 2, "scan.profile"),
        ("[limits]\njson_depth = '3'\n", 2, "Expected int"),
    ],
)
def test_a_mistake_in_a_file_names_its_line(written, text, line, words):
    (path,) = written(text)
    with pytest.raises(ConfigError) as caught:
        config.load(environment={}, files=(path,))
    assert f"{path}:{line}: " in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TRAILHOUND_SCAN__JOB", "1", "did you mean 'jobs'"),
        ("TRAILHOUND_SCNA__JOBS", "1", "did you mean 'scan'"),
        ("TRAILHOUND_SCAN__JOBS", "many", "not a value"),
        ("TRAILHOUND_SCAN__JOBS", "true", "Expected int"),
        ("TRAILHOUND_SCAN__JOBS", "-1", ">= 0"),
        ("TRAILHOUND_LIMITS__BATCH_ROWS", "0", "at least 1"),
    ],
)
def test_a_mistake_in_a_variable_names_it(written, name, value, words):
    with pytest.raises(ConfigError, match=words) as caught:
        config.load(environment={name: value}, files=())
    assert str(caught.value).startswith(name)


def test_variables_of_others_and_words_that_look_like_numbers_are_fine():
    env = {"TRAILHOUND_OFFLINE": "1", "PATH": "/bin", "TRAILHOUND_SCAN__WORKSPACE": "2026"}
    assert config.load(environment=env, files=()).settings.scan.workspace == "2026"


def test_the_default_files_are_in_order():
    files = config.default_files({"XDG_CONFIG_HOME": "/home/x/.config"})
    assert [str(path) for path in files] == [
        "/etc/trailhound/trailhound.toml",
        "/home/x/.config/trailhound/trailhound.toml",
        "trailhound.toml",
    ]


def test_an_unreadable_file_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(environment={}, files=(tmp_path,))
