"""Keep what is known to be harmless, cut the rest: in texts that were damaged in every way that people know.

Values of all shapes stand in operands that are secret and in commands that no table knows, in routers of the lab and of the
shared corpus; whatever is done to the text, none of them is left, and what was cut is not cut again.
"""

from __future__ import annotations

import json

import msgspec
import pytest
from damaged import CORPUS, DAMAGES, FORMS, Plot
from parsed import FINGERPRINTER
from planted import FOUND, HEAD, TAIL, forms

from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.redact import cut


def _checked(plot: Plot, text: str) -> None:
    once = cut(text, FINGERPRINTER)
    read = parse_configs(text, file="r1.cfg", fingerprinter=FINGERPRINTER)
    assert list(plot.left_in(once.text + json.dumps(msgspec.to_builtins(read, enc_hook=str)))) == []
    again = cut(once.text, FINGERPRINTER).lines
    assert [(a, b) for a, b in zip(once.lines, again, strict=True) if a != b] == []


def _done(plot: Plot, text: str, damages: list[str]) -> str:
    for name in damages:
        text = DAMAGES[name](plot.chance, text)
    return text


def test_the_plot_is_seen() -> None:
    plot = Plot("seen")
    text = plot.router(10)
    assert len(list(plot.left_in(text))) == len(plot.planted) > 15


@pytest.mark.parametrize("damage", DAMAGES)
def test_nothing_is_left_of_a_damaged_text(damage: str) -> None:
    plot = Plot(damage)
    _checked(plot, _done(plot, plot.router(25), [damage]))


@pytest.mark.full
@pytest.mark.parametrize("seed", range(120))
def test_nothing_is_left_of_a_text_that_was_damaged_more_than_once(seed: int) -> None:
    plot = Plot(seed)
    text = plot.router(25)
    if plot.chance.random() < 0.25:
        text += "\n" + plot.router(15)
    _checked(plot, _done(plot, text, plot.chance.sample(sorted(DAMAGES), plot.chance.choice((0, 1, 1, 2, 2, 3)))))


@pytest.mark.corpus
@pytest.mark.full
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus does not lie beside the project")
@pytest.mark.parametrize("share", range(12))
def test_nothing_is_left_in_configurations_of_the_corpus(share: int) -> None:
    for at, file in enumerate(sorted(CORPUS.iterdir())):
        if at % 12 == share:
            plot = Plot(file.name)
            text = plot.router(15, file.read_text(encoding="utf-8", errors="replace"))
            _checked(plot, text)
            _checked(plot, _done(plot, text, plot.chance.sample(sorted(DAMAGES), 1)))


@pytest.mark.parametrize("form", forms(FOUND))
def test_nothing_is_left_of_a_form_from_the_command_references(form: str) -> None:
    plot = Plot(form)
    _checked(plot, f"{HEAD}{plot.filled(form)}\n{TAIL}")
    _checked(plot, f"R1#show running-config\n{HEAD}{plot.filled(form)}\n{TAIL}")


NO_SECTION = """\
version 15.9
hostname R1
!
crypto ipsec client ezvpn E
 peer 192.0.2.1
{head}
 local name {value}
 group {value}
 peer {value}
 match identity key-id {value}
end
"""


@pytest.mark.parametrize("head", ["vpdn-group 1", "frobnicate 1", "crypto frob", "voice service voip", "ip frob 1"])
@pytest.mark.parametrize("front", ["", "R1#show running-config\n"], ids=["printed", "typed"])
def test_a_line_below_a_command_that_no_table_opens_is_none_of_the_section_before(head: str, front: str) -> None:
    plot = Plot(head)
    value = plot.value("below")
    _checked(plot, front + NO_SECTION.format(head=head, value=value))


@pytest.mark.parametrize("front", ["", "R1#show running-config\n"], ids=["printed", "typed"])
def test_the_wrapped_rest_of_another_command_is_no_header_cut_short(front: str) -> None:
    """``control`` is short for ``control-plane``, which has no such word behind it: so much is another command's end."""
    plot = Plot("wrapped")
    lines = f"dial-peer voice 21 voip\n voice-class sip bind\ncontrol source-interface {plot.value('rest')}\n"
    _checked(plot, f"{front}{HEAD}{lines}{TAIL}")


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("interface Gi0/1\n standby 1 ip 10.0.0.1 {}", " standby 1 ip 10.0.0.1 "),
        ("ip access-list extended A\n permit tcp any any eq 22 {}", " permit tcp any any eq 22 "),
        ("ip nat pool P 192.0.2.1 192.0.2.2 {}", "ip nat pool P 192.0.2.1 192.0.2.2 "),
        ("service timestamps log {}", "service timestamps log "),
        ("policy-map type inspect P {}", "policy-map type inspect P "),
        ("crypto provisioning P {}", "crypto provisioning P "),
        ("crypto ipsec client ezvpn E\n local-address name {}", " local-address name "),
        ("ip host h.example 192.0.2.1 {}", "ip host h.example 192.0.2.1 "),
    ],
)
def test_an_open_operand_is_kept_word_by_word(line: str, left: str) -> None:
    plot = Plot(line)
    text = f"{HEAD}{plot.filled(line)}\n{TAIL}"
    _checked(plot, text)
    assert any(one.startswith(f"{left}<CUT:") for one in cut(text, FINGERPRINTER).lines)


def test_there_are_forms_enough() -> None:
    assert len(forms(FOUND)) > 500 and len(FORMS) == len(set(FORMS))


@pytest.mark.parametrize(
    "line", ["crpto ipsec profile NAME1", " tunneel protectioon ipsec profile NAME1", "crpto map X NAME1"]
)
def test_names_behind_what_was_cut_stay_as_they_are(line: str) -> None:
    """The name is that of an object, so that it is kept behind what is cut; cut once more the line is the same."""
    once = cut(f"crypto isakmp profile NAME1\n{line}\n", FINGERPRINTER)
    assert once.lines[1].endswith("> NAME1")
    assert once.lines[1].count("<CUT:") == 1
    assert cut(once.text, FINGERPRINTER).lines == once.lines
