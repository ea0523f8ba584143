"""The one environment: strict, unescaped, the user's folder first."""

from __future__ import annotations

from pathlib import Path

import pytest

from ikeaudit.model.errors import InputError
from ikeaudit.rendering import Templates, render

ADD_KEYS = "strategies/single-keyring/add-keys.j2"
DROP = "strategies/single-keyring/drop-keyrings.j2"


def test_layout_and_no_escaping() -> None:
    line = "pre-shared-key address 10.0.0.2 key <PSK:0123456789abcdef>"
    text = render(ADD_KEYS, rings=[{"header": "K1 vrf INET", "lines": [line]}])
    assert text == f"crypto keyring K1 vrf INET\n {line}\nexit\n"


def test_a_missing_value_is_an_error_with_the_template_and_the_value() -> None:
    with pytest.raises(InputError, match=r"add-keys\.j2 cannot be filled in: 'rings' is undefined"):
        render(ADD_KEYS)


def test_a_missing_template_is_named() -> None:
    with pytest.raises(InputError, match=r"no template strategies/none/x\.j2"):
        render("strategies/none/x.j2")


def test_a_users_template_replaces_its_namesake_only(tmp_path: Path) -> None:
    own = tmp_path / ADD_KEYS
    own.parent.mkdir(parents=True)
    own.write_text("! ours\n{% for key in keys %}\n{{ key }}\n{% endfor %}\n")
    templates = Templates(tmp_path)
    assert templates.render(ADD_KEYS, keys=["a", "b"]) == "! ours\na\nb\n"
    assert templates.render(DROP, rings=[{"header": "K"}]) == "no crypto keyring K\n"


def test_a_users_broken_template_is_one_sentence(tmp_path: Path) -> None:
    own = tmp_path / ADD_KEYS
    own.parent.mkdir(parents=True)
    own.write_text("{% for key in keys %}\n")
    with pytest.raises(InputError, match=r"add-keys\.j2 line 1 is malformed: [^.]*end of template"):
        Templates(tmp_path).render(ADD_KEYS, header="", keys=[])


def test_the_override_folder_must_exist(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a folder"):
        Templates(tmp_path / "none")


def test_every_packaged_template_is_listed() -> None:
    names = Templates().names()
    assert ADD_KEYS in names
    assert "plan/plan.md.j2" in names
