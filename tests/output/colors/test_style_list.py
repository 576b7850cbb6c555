"""The list of styles: names, JSON, samples."""

from __future__ import annotations

import json
import re

from wscli.output.colors.style_list import json_lines, name_lines, sample_lines


def test_the_names_are_listed_one_a_line_the_default_first() -> None:
    names = name_lines("wscli").splitlines()

    assert names[0] == "wscli"
    assert names[1:] == sorted(names[1:])
    assert {"monokai", "solarized-dark"} < {*names}


def test_each_style_is_an_object_with_its_colours() -> None:
    colors = {entry["name"]: entry["colors"] for entry in map(json.loads, json_lines("wscli").splitlines())}

    assert [*colors] == name_lines("wscli").splitlines()
    assert colors["wscli"]["Name.Tag"] == "ansicyan"
    assert colors["monokai"]["Name.Tag"] == "#ff4689"
    assert colors["monokai"]["Generic.Strong"] == "bold #f8f8f2"


def test_a_sample_is_in_the_colours_of_its_style_and_fits_80_columns() -> None:
    lines = sample_lines("wscli", truecolor=False).splitlines()
    plain = [re.sub("\x1b\\[[0-9;]*m", "", line) for line in lines]

    assert [line.split()[0] for line in plain] == name_lines("wscli").splitlines()
    assert {line[line.index("subscribe") :] for line in plain} == {
        'subscribe trade BTCUSDT -n 3  {"p": "1.20"}  buy sell'
    }
    assert max(map(len, plain)) <= 80
    assert lines[0].endswith("\x1b[32mbuy\x1b[0m \x1b[31msell\x1b[0m")
    assert "\x1b[38;5;204m" in next(line for line in lines if line.startswith("monokai "))
