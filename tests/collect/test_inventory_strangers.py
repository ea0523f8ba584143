"""What is no inventory is said in one sentence: what it looks like, and what to do."""

from __future__ import annotations

import pytest

from ikeaudit.model.errors import InputError
from ikeaudit.session import open_inventory

SECRET = "Canary-inv-7Qx"

FILES = {
    "Ansible, all": ("all:\n  hosts:\n    r1: {ansible_host: 192.0.2.1}\n  children:\n    spokes:\n", "an Ansible inventory"),
    "Ansible, a group": ("routers:\n  hosts:\n    r1:\n    r2:\n", "an Ansible inventory"),
    "Ansible, variables": (f"r1:\n  ansible_host: 192.0.2.1\n  ansible_password: {SECRET}\n", "an Ansible inventory"),
    "Ansible, INI": ("[spokes]\nr1\nr2\n\n[spokes:vars]\nansible_user=ann\n", "an Ansible inventory"),
    "Ansible, INI, a group": ("[spokes]\n", "an Ansible inventory"),
    "Ansible, INI, no group": (f"r1 ansible_host=192.0.2.1 ansible_password={SECRET}\n", "an Ansible inventory"),
    "Ansible, a plugin": (f"plugin: netbox.netbox.nb_inventory\ntoken: {SECRET}\n", "an Ansible inventory"),
    "CSV": (f"name,hostname,password\nr1,192.0.2.1,{SECRET}\n", "a table"),
    "CSV, semicolons": ("name;hostname\nr1;192.0.2.1\n", "a table"),
    "CSV, quotes": ('"name","hostname"\n"r1","192.0.2.1"\n', "a table"),
    "router.db": ("192.0.2.1:cisco:up\n192.0.2.2:cisco:up\n", "a table"),
    "addresses": ("192.0.2.1\n192.0.2.2\n", "a list of hosts"),
    "one name": ("R1\n", "a list of hosts"),
    "/etc/hosts": ("127.0.0.1 localhost\n192.0.2.1 r1 r1.example.net\n", "a list of hosts"),
    "YAML list": (f"- name: r1\n  password: {SECRET}\n", "a list of hosts"),
    "YAML list below a key": ("devices:\n  - name: r1\n    host: 192.0.2.1\n", "a list of hosts"),
    "JSON list": ('[{"host": "r1"}]', "a list of hosts"),
    "a level too deep": ("hosts:\n  R1: {hostname: 192.0.2.1}\n", "hosts below a heading of their own"),
    "configuration": (f"!\nversion 15.2\nhostname R1\nenable secret 5 {SECRET}\nend\n", "a router's configuration"),
    "SSH": ("Host r1\n  HostName 192.0.2.1\n  ProxyJump bastion\n", "an SSH client's configuration"),
    "XML": ("<?xml version='1.0'?>\n<hosts/>\n", "XML or HTML"),
    "empty": ("# nothing\n---\n", "is empty|names no hosts"),
    "binary": ("R1: {\0}\n", "cannot be read as text"),
    "prose": ("The routers are R1, R2 and more.\nMost stand in Berlin.\n", "mapping of names to settings"),
}  # fmt: skip


def said(path):
    """The sentence that ``path`` is refused with."""
    with pytest.raises(InputError) as caught:
        open_inventory(path)
    sentence = str(caught.value)
    assert "\n" not in sentence and sentence.endswith(".") and SECRET not in sentence
    assert (
        caught.value.exit_code == 2 and caught.value.__cause__ is None and SECRET not in repr(caught.value.__context__)
    )
    return sentence


@pytest.mark.parametrize(("text", "looks"), FILES.values(), ids=FILES)
def test_a_file_that_is_something_else(tmp_path, text, looks):
    (tmp_path / "file").write_text(text)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "hosts.yaml").write_text(text)
    for path in (tmp_path / "file", tmp_path / "folder"):
        assert any(words in said(path) for words in looks.split("|"))


FOLDERS = {
    "config.yaml": ("inventory: {plugin: SimpleInventory}\n", "name the file, --inventory "),
    "R1.cfg": ("hostname R1\nend\n", "a folder of configurations"),
    "R1/meta.json": ("{}", "a snapshot"),
    "plan.json": ("{}", "a plan"),
    "group_vars/all.yml": ("", "an Ansible inventory"),
    "hosts.ini": ("[a]\n", "an Ansible inventory"),
    "routers.csv": ("name\n", "a table"),
    "groups.yaml": ("a: {}\n", "without its hosts"),
    "notes.md": ("", "has no hosts.yaml"),
}


@pytest.mark.parametrize(("name", "content"), [(name, words[0]) for name, words in FOLDERS.items()], ids=FOLDERS)
def test_a_folder_that_is_something_else(tmp_path, name, content):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(content)
    assert FOLDERS[name][1] in said(tmp_path)


FIELDS = {
    "R1: {hostname: 192.0.2.1, port: 'yes'}": "port of R1 must be a number",
    "R1: {hostname: 192.0.2.1, port: true}": "port of R1 must be a number",
    "R1: {hostname: 192.0.2.1, port: 65536}": "from 1 to 65535",
    "R1: {hostname: 192.0.2.1, port: 0}": "from 1 to 65535",
    "R1: {hostname: 192.0}": "hostname of R1 must be a text; put it in quotes",
    "R1: {hostname: 192.0.2.1/24}": "an address or a name alone",
    "R1: {hostname: '192.0.2.1:22'}": "an address or a name alone",
    "R1: {hostname: ann@192.0.2.1}": "an address or a name alone",
    "R1: {username: 17}": "username of R1 must be a text",
    "R1: {password: 20260101}": "password of R1 must be a text; put it in quotes",
    "R1: {platform: [ios]}": "platform of R1 must be a text",
    "R1: {groups: {a: 1}}": "groups of R1 must be a list",
    "R1: {groups: [1]}": "list of names",
    "R1: {data: [berlin]}": "data of R1 must be a mapping",
    "R1: {host: 192.0.2.1}": "write hostname",
    "R1: {hostname: 192.0.2.1, user: ann}": "write username",
    "R1: {hostname: 192.0.2.1, pasword: x}": "write password",
    "R1: {hostname: 192.0.2.1, device_type: cisco_ios}": "write platform",
    "R1: {connection_options: {netmiko: {extras: fast}}}": "extras of R1, connection_options of netmiko, must be a mapping",
    "R1: {connection_options: {netmiko: {port: ssh}}}": "port of R1, connection_options of netmiko,",
    f"R1: {{password: *{SECRET}}}": "line 1: a value that begins with *",
    f"R1: {{password: !{SECRET} x}}": "line 1: a value that begins with *",
    f"R1:\n  password: {SECRET}\n  password: {SECRET}2\n": "line 3: a key stands twice",
    f"R1:\n  password: %{SECRET}\n": "line 2: a value that begins with *",
    f"R1:\n\tpassword: {SECRET}\n": "line 2: a tab",
    "R1: {}\n---\nR2: {}\n": "line 2: found another document",
}


@pytest.mark.parametrize(("text", "words"), FIELDS.items(), ids=[text[:50] for text in FIELDS])
def test_a_field_that_is_not_what_it_should_be(tmp_path, text, words):
    (tmp_path / "hosts.yaml").write_text(text)
    assert words in said(tmp_path)


def test_hosts_may_be_called_like_sections_of_a_configuration(tmp_path):
    (tmp_path / "hosts.yaml").write_text("core: {}\nplugin: {hostname: 192.0.2.1}\nedge: {}\n")
    assert list(open_inventory(tmp_path).inventory.hosts) == ["core", "plugin", "edge"]


def test_a_text_in_another_encoding_is_in_no_error(tmp_path):
    (tmp_path / "hosts.yaml").write_bytes(f"R1: {{password: {SECRET}\xe9}}\n".encode("latin-1"))
    assert "cannot be read as text." in said(tmp_path)


def test_a_variable_that_nornir_does_not_understand(tmp_path, monkeypatch):
    (tmp_path / "hosts.yaml").write_text("R1: {}\n")
    monkeypatch.setenv("NORNIR_RUNNER_OPTIONS", f"{{token: {SECRET}")
    assert "NORNIR_RUNNER_" in said(tmp_path)


def test_two_spellings_of_one_file(tmp_path):
    (tmp_path / "hosts.yml").write_text("R1: {hostname: 192.0.2.1, groups: [a]}\n")
    (tmp_path / "groups.yml").write_text("a: {}\n")
    assert list(open_inventory(tmp_path).inventory.groups) == ["a"]
    (tmp_path / "hosts.yaml").write_text("R2: {}\n")
    assert "both hosts.yaml and hosts.yml" in said(tmp_path)


def test_groups_in_a_ring(tmp_path):
    (tmp_path / "hosts.yaml").write_text("R1: {groups: [a]}\n")
    (tmp_path / "groups.yaml").write_text("a: {groups: [b]}\nb: {groups: [a]}\n")
    assert "a and b belong to each other in a ring" in said(tmp_path)


CONFIGS = {
    "runner: {plugin: serial}": "without an inventory",
    "inventory:\nrunner: {plugin: serial}": "without an inventory",
    "inventory: SimpleInventory": "section inventory must be a mapping",
    "inventory: {plugn: SimpleInventory}": "has 'plugn'",
    "inventory: {plugin: SimpleInventory, options: [hosts.yaml]}": "the section inventory, or a variable",
    "inventory: {plugin: SimpleInventory}\nssh: {config: x}": "the section ssh, or a variable",
    "inventory: {plugin: SimpleInventory, options: {hosts_file: x}}": "unexpected keyword argument 'hosts_file'",
    "inventory: {plugin: SimpleInventory, options: {host_file: FOLDER/none.yaml}}": "none.yaml here, nor beside config.yaml",
    "inventory: {plugin: Netbocks}": "no inventory plugin 'Netbocks'",
    "inventory: {plugin: nornir.plugins.inventory.simple.SimpleInventory}": "write SimpleInventory",
    "inventory: {options: {host_file: FOLDER/hosts.yaml}, transform_function: nobody}": "no transform function plugin 'nobody'",
    "inventory: {options: {host_file: FOLDER/hosts.yaml}}\nrunner: {plugin: warp}": "no runner plugin 'warp'",
    "inventory: {options: {host_file: FOLDER/hosts.yaml}}\nrunner: {options: {num_workers: many}}": "num_workers",
    "R1: {hostname: 192.0.2.1}": "is not a folder, and no Nornir configuration",
}


@pytest.mark.parametrize(("text", "words"), CONFIGS.items(), ids=[text[:60] for text in CONFIGS])
def test_a_configuration_that_does_not_fit(tmp_path, text, words):
    (tmp_path / "hosts.yaml").write_text("R1: {}\n")
    (tmp_path / "config.yaml").write_text(text.replace("FOLDER", str(tmp_path)))
    assert words in said(tmp_path / "config.yaml")
