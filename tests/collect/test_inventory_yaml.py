"""Every word means what it means to Nornir, which reads by ruamel.yaml."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from ikeaudit.session import inventory_yaml

TEXTS = (
    "", "--- {}\n", "a: yes\nb: no\nc: on\n", "a: 0123\nb: 0o17\nc: 0x1f\nd: 1_000\ne: +1\nf: 08\n", "a: 1.5\nb: .inf\nc: 1e3",
    "a: 2024-01-01\nb: 12:30:45\n", "a: ~\nb:\nc: ''\nd: 'yes'\ne: \"1\"\n", "1: {h: 1}\nfalse: 2\n", "a: &x {b: 1}\nc: *x\n",
    "a: &x {b: 1, d: 2}\nc: {<<: *x, b: 3}\n", "x: &x {b: 1}\ny: &y {b: 2, e: 1}\nc: {<<: [*x, *y]}\n", "- &a x\n- *a\n",
    "%YAML 1.1\n---\na: yes\n", "a: !!str 5\n", "? [a]\n: 1\n", "a: |\n  x\n  y\nb: >-\n  x\n  y\n", "a: [1, 'b', {c: d}]\n",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("libyaml", [True, False])
def test_the_same_as_by_ruamel(tmp_path, monkeypatch, text, libyaml):
    if not libyaml:
        monkeypatch.delattr(inventory_yaml.yaml, "CSafeLoader")
    expected = YAML(typ="safe", pure=True).load(text)
    got = inventory_yaml.parse_yaml(text, tmp_path)
    assert repr(got) == repr(expected)  # the types too, and the order


def test_ordinary_files_are_not_read_by_ruamel(tmp_path, monkeypatch):
    inventory_yaml.plain("22")
    monkeypatch.delattr(inventory_yaml, "parsed_yaml")
    text = "---\nR1: {hostname: 192.0.2.1, port: 22, groups: [a, b], data: {site: berlin}}\n"
    assert inventory_yaml.parse_yaml(text, tmp_path)["R1"]["port"] == 22
