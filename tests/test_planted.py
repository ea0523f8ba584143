"""Random values in random operands of two routers, spelt as hands spell them: no verb lets one out, in whatever it writes.

The routers are those of the seed, with a sample of all forms in which there are secrets; each place has a value of its own.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from pathlib import Path
from string import ascii_letters, digits

import pytest
from canaries import CANARIES, Watch, mended, prepared
from damaged import CORPUS, DAMAGES, Plot
from planted import NAMED, OTHERS, forms, spelt

from ikeaudit.lab import Lab, LabRouter
from ikeaudit.lab.scenarios import SEED
from ikeaudit.report.formats import FORMATS
from ikeaudit.snapshot.workspace import Workspace
from ikeaudit.snapshot.writing import write_snapshot_host

pytest_plugins = ("canaries",)

FORMS = [form for form in forms(NAMED) + forms(OTHERS) if not form.startswith(("archive", "redundancy inter-device"))]
"""Those beside which a plan can be made: archive paths say where a revert timer finds its file."""

KEY = "crypto keyring keyring1\n  pre-shared-key address 192.168.0.2 key cisco"


TABLE = "Keyring      Hostname/Address                            Preshared Key\n\n"


class Garden:
    """Values, each planted in one place; ``planted`` names the places."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.planted: dict[str, str] = {}

    def value(self, place: str) -> str:
        """A new one, as it may stand in every place: no blanks, no delimiters of banners."""
        body = "".join(self.chance.choices(ascii_letters + digits, k=self.chance.randint(8, 16)))
        value = f"Z{body}{self.chance.choice(('', '!', '@', '$', '_', '-', '.', '%', '/'))}q7"
        self.planted[f"{len(self.planted)} {place}"] = value
        return value

    def filled(self, form: str) -> str:
        return re.sub(r"\{\}", lambda found: self.value(_line_of(form, found.start())), form)

    def router(self, name: str, key: str, count: int, *, printed: bool) -> str:
        """The seed's router with ``count`` forms; those that a router prints are spelt out and without remarks."""
        text = (SEED / f"{name}.cfg").read_text(encoding="utf-8").replace("key cisco", f"key {key}")
        text = text.replace("interface Tunnel1\n", f"interface Tunnel1\n description to {key}, {self.value('prose')}\n")
        text = text.replace(
            "crypto keyring keyring2\n", f"crypto keyring keyring2\n  description x{key}x {self.value('ring')}\n"
        )
        chosen = [
            form for form in FORMS if not printed or not any(mark in form for mark in (" // ", " ! ", " ; ", "#"))
        ]
        some = [
            self.filled(form if printed else spelt(form, self.chance)) for form in self.chance.sample(chosen, count)
        ]
        return text.replace(f"hostname {name}\n", "\n!\n".join((f"hostname {name}", *some, "")))


def _line_of(form: str, at: int) -> str:
    return form[form.rfind("\n", 0, at) + 1 :].partition("\n")[0].strip()


def test_each_place_is_told(folder: Path, watch: Watch) -> None:
    garden = Garden(1)
    text = garden.router("R1", garden.value("key"), 20, printed=False)
    assert len(garden.planted) > 20
    assert all(value in text for value in garden.planted.values())
    (folder / "leak").write_text(text, encoding="utf-8")
    assert len(watch.leaks(garden.planted)) == len(garden.planted)


def asked(watch: Watch, folder: str) -> None:
    """What is said of the configurations in ``folder``, and written of them."""
    for verb in ("check", "explain", "coverage"):
        for form in FORMATS:
            assert watch.run(verb, folder, "--format", form.name) in (0, 1, 2, 3)
    for words in (
        ("check", folder, "--against", folder),
        ("check", folder, "--fail-on", "low", "--format", "json"),
        ("explain", folder, "R1", "R2", "--transcripts", "all", "--all"),
        ("explain", folder, "R1", "--all", "--format", "json"),
        ("coverage", folder, "--min-coverage", "100", "--output", f"{folder}-coverage.txt"),
        ("lab", f"{folder}/nowhere"),
        ("rule", "KR-KEY-IN-NAME"),
        ("rules",),
        ("status",),
    ):
        assert watch.run(*words) in (0, 1, 2, 3), words
    for strategy in ("single-keyring", "ikev2"):
        plan = f"{folder}-{strategy}"
        if watch.run("plan", folder, "--strategy", strategy, "--out", plan) == 0:
            for words in (("plan", "show", plan), ("plan", "diff", plan), ("approve", plan, "--by", "the tests")):
                assert watch.run(*words) == 0
            for words in (
                ("status", plan),
                ("plan", "show", plan, "--format", "json"),
                ("apply", plan),
                ("verify", plan),
            ):
                watch.run(*words)


@pytest.mark.corpus
@pytest.mark.full
@pytest.mark.timeout(600)
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus does not lie beside the project")
@pytest.mark.parametrize("share", range(4))
def test_nothing_that_is_planted_comes_out_of_the_corpus(folder: Path, watch: Watch, share: int) -> None:
    """Its configurations with planted commands among theirs, as they are and damaged, through every verb that reads files."""
    plot = Plot(f"corpus {share}")
    with tempfile.TemporaryDirectory(dir=folder.parent) as outside:
        for at, file in enumerate(sorted(CORPUS.iterdir())):
            if at % 4 == share:
                text = plot.router(6, file.read_text(encoding="utf-8", errors="replace"))
                damage = DAMAGES[plot.chance.choice(sorted(DAMAGES))] if at % 3 == 0 else None
                made = text if damage is None else damage(plot.chance, text)
                (Path(outside) / f"r{at}.cfg").write_text(made, encoding="utf-8")
        (folder / "corpus").symlink_to(Path(outside))
        asked(watch, "corpus")
        (folder / "corpus").unlink()
    assert not watch.internal_errors()
    assert watch.leaks({f"{at} {place}": value for at, (value, place) in enumerate(plot.planted.items())}) == []


@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_is_planted_comes_out_of_an_error_that_nobody_expected(
    folder: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """It is raised with the text of a file in its words, while that is read."""
    plot = Plot(f"error {seed}")
    text = plot.router(10)
    (folder.parent / f"error{seed}.cfg").write_text(text, encoding="utf-8")

    def broken(*args: object, **more: object) -> None:
        raise ValueError(f"{text} {args} {more}")

    module, name = (("redact.cut", "redact"), ("config", "cut"), ("config", "read_router"))[seed]
    monkeypatch.setattr(sys.modules[f"ikeaudit.parsing.{module}"], name, broken)
    for verb in ("check", "explain", "coverage"):
        watch.run(verb, str(folder.parent / f"error{seed}.cfg"))
    assert watch.internal_errors()
    assert watch.leaks({f"{at} {place}": value for at, (value, place) in enumerate(plot.planted.items())}) == []


def test_nothing_that_is_planted_comes_out_of_files(folder: Path, watch: Watch) -> None:
    _from_files(folder, watch, 0, 25)


@pytest.mark.full
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(1, 17))
def test_nothing_that_is_planted_comes_out_of_files_at_length(folder: Path, watch: Watch, seed: int) -> None:
    _from_files(folder, watch, seed, 60, mending=seed in (1, 16))


def _from_files(folder: Path, watch: Watch, seed: int, count: int, *, mending: bool = False) -> None:
    """Files as people have them are only asked about; what routers print is planned for, and becomes a snapshot."""
    garden = Garden(seed)
    key = garden.value("key")
    texts = {name: garden.router(name, key, count, printed=True) for name in ("R1", "R2")}
    messy = {name: garden.router(name, key, count, printed=False) for name in ("R1", "R2")}
    with tempfile.TemporaryDirectory(dir=folder.parent) as outside:
        for kind, files in {"printed": texts, "messy": messy}.items():
            (Path(outside) / kind).mkdir()
            for name, text in files.items():
                (Path(outside) / kind / f"{name}.cfg").write_text(text, encoding="utf-8")
            (folder / kind).symlink_to(Path(outside) / kind)
            asked(watch, kind)
            if mending:
                mended(watch, kind)
        fingerprinter = Workspace.open().fingerprinter
        for name, text in texts.items():
            shown = f"{TABLE}keyring1     192.168.0.2             {key}\n"
            shows = {"show crypto isakmp key": shown, "show version": f"Cisco IOS, {key} uptime is 1 day\n"}
            write_snapshot_host(folder / "snapshot", name, text, shows, {"note": key}, fingerprinter=fingerprinter)
        asked(watch, "snapshot")
        if mending:
            mended(watch, "snapshot")
        for kind in ("printed", "messy"):
            (folder / kind).unlink()
    assert (folder / "snapshot-single-keyring" / "plan.json").is_file()
    assert not watch.internal_errors()
    assert watch.leaks(garden.planted) == []


@pytest.mark.ssh
@pytest.mark.timeout(180)
def test_nothing_that_is_planted_comes_out_of_routers(folder: Path, watch: Watch) -> None:
    garden = Garden(100)
    key = garden.value("key")
    login = {"password": CANARIES["login"], "enable_secret": CANARIES["enable"]}
    routers = [LabRouter(name, garden.router(name, key, 40, printed=True), **login) for name in ("R1", "R2")]
    with Lab(routers, minute_seconds=1.0) as world:
        world.write_inventory(folder / "inventory")
        prepared(watch)
        asked(watch, "before")
        assert watch.run("apply", "plan", "--commit") == 0
        assert watch.run("verify", "plan", "--force") == 0
        assert watch.run("status", "plan") == 0
        assert watch.run("rollback", "plan", "--commit", "--all") == 0
        assert all(key in world.router(name).running_text for name in ("R1", "R2"))
    assert watch.leaks(garden.planted) == []


@pytest.mark.ssh
@pytest.mark.full
@pytest.mark.timeout(180)
def test_nothing_that_is_planted_comes_out_of_a_rehearsal(folder: Path, watch: Watch) -> None:
    """The plan is made from a snapshot; `rehearse` is given the files that it was taken of, with all the values in them."""
    garden = Garden(200)
    key = garden.value("key")
    files = folder.parent / "rehearsed"  # outside the watched folder: these hold the values by design
    files.mkdir()
    fingerprinter = Workspace.open().fingerprinter
    for name in ("R1", "R2"):
        text = garden.router(name, key, 60, printed=True)
        (files / f"{name}.cfg").write_text(text, encoding="utf-8")
        write_snapshot_host(folder / "snapshot", name, text, {}, {"note": key}, fingerprinter=fingerprinter)
    assert watch.run("plan", "snapshot", "--strategy", "single-keyring", "--out", "plan") == 0
    assert watch.run("rehearse", "plan", "--snapshot", str(files)) == 0
    written = {file.name for file in folder.rglob("*") if file.is_file()}
    assert written >= {"plan.json", "rehearsal.json", "journal.jsonl"}, (
        "the rehearsal's own workspace is looked at as well"
    )
    assert not watch.internal_errors()
    assert watch.leaks(garden.planted) == []
