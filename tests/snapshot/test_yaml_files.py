"""YAML that a person wrote: one kind of error, whatever is wrong with it, and not a word of a library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ikeaudit.model.errors import InputError
from ikeaudit.remediation.strategies.ikev2.choices import load_clouds, load_suites
from ikeaudit.session.inventory_yaml import parse_yaml
from ikeaudit.snapshot.nat_file import load_nat

READERS = (load_nat, load_suites, load_clouds)
WRONG = {
    "no date": "- inside: 2026-13-45\n",
    "no number": "- inside: !!int secret77\n",
    "no float": "- inside: !!float secret77\n",
    "no truth": "- inside: !!bool secret77\n",
    "too long a number": f"- inside: {'9' * 6000}\n",
    "brackets": "[" * 3_000,
    "dashes": "- " * 3_000,
    "braces": "{a: " * 3_000,
    "an object": "- inside: !!python/object:secret77 {}\n",
    "a key twice": "- {inside: 192.0.2.1, inside: secret77}\n",
    "open": "- {inside: secret77\n",
    "no text": "- \x07\n",
}
SLOW = pytest.mark.full
"""The library takes a second for each file of so many brackets."""


@pytest.mark.parametrize(
    ("read", "text"),
    [
        pytest.param(read, text, id=f"{read.__name__}-{name}", marks=SLOW if name == "brackets" and at else ())
        for at, read in enumerate(READERS)
        for name, text in WRONG.items()
    ],
)
def test_what_is_no_yaml_is_told_in_one_sentence(read: Callable[[Path], object], text: str, tmp_path: Path) -> None:
    file = tmp_path / "by-hand.yaml"
    file.write_text(text)
    with pytest.raises(InputError, match=r"by-hand\.yaml: is not YAML; write ") as error:
        read(file)
    assert "secret77" not in str(error.value)


@pytest.mark.parametrize(
    "text", [pytest.param(text, id=name, marks=SLOW if name == "brackets" else ()) for name, text in WRONG.items()]
)
def test_an_inventory_too(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"hosts\.yaml is not valid YAML") as error:
        parse_yaml(text, tmp_path / "hosts.yaml")
    assert "secret77" not in str(error.value)


@pytest.mark.filterwarnings("error")
def test_an_anchor_that_stands_twice_is_not_remarked(tmp_path: Path) -> None:
    file = tmp_path / "nat.yaml"
    file.write_text("- inside: &A 192.0.2.1\n  outside: &A 198.51.100.1\n  kind: static\n")
    assert [str(one.inside) for one in load_nat(file)] == ["192.0.2.1"]
    assert parse_yaml("R1: !!map {a: &A x, b: &A y, c: *A}\n", file) == {"R1": {"a": "x", "b": "y", "c": "y"}}


@pytest.mark.parametrize("read", READERS)
def test_a_file_that_is_not_there(read: Callable[[Path], object], tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"nowhere\.yaml: cannot be read \(No such file or directory\); give an existing"
    ):
        read(tmp_path / "nowhere.yaml")
