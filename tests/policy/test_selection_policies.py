"""What is offered and compared where a configuration hides its defaults (DOMAIN 3.3, 10.2 U-13)."""

from __future__ import annotations

import pytest
from parsed import router

from ikeaudit.selection import EffectivePolicy, effective_policies
from ikeaudit.selection.policies import normal


def policies(text: str) -> tuple[EffectivePolicy, ...]:
    return effective_policies(router(f"{text}\nhostname R\n!\ninterface Loopback0\n no ip address\n!\nend\n"))


def shown(policy: EffectivePolicy) -> tuple[str | None, ...]:
    return policy.encryption, policy.hash, policy.authentication, policy.group


def policy(*lines: str, number: int = 10) -> str:
    return "\n".join([f"crypto isakmp policy {number}", *(f" {line}" for line in lines)])


WHOLE = ("encr aes 256", "hash sha256", "authentication pre-share", "group 14")


def test_policies_stand_by_priority_and_keep_what_is_printed() -> None:
    found = policies(policy(*WHOLE, number=20) + "\n" + policy("encr 3des", "hash md5", "group 2", number=5))
    assert [p.number for p in found] == [5, 20]
    assert shown(found[1]) == ("aes 256", "sha256", "pre-share", "14")
    assert (found[1].assumed, found[1].line) == ((), 1)
    assert shown(found[0]) == ("3des", "md5", "rsa-sig", "2")
    assert found[0].assumed == ("authentication",)


@pytest.mark.parametrize("version", ["", "version 12.4", "version 15.7", "version 16.12"])
def test_classic_defaults(version: str) -> None:
    (found,) = policies(f"{version}\n{policy()}")
    assert shown(found) == ("des", "sha", "rsa-sig", "1")
    assert found.assumed == ("encryption", "hash", "authentication", "group")
    assert found.release == "classic"


@pytest.mark.parametrize("version", ["version 17.1", "version 17.12"])
def test_on_17_only_the_authentication_is_known(version: str) -> None:
    (found,) = policies(f"{version}\n{policy()}")
    assert shown(found) == (None, None, "rsa-sig", None)
    assert found.release == version.split()[1]


@pytest.mark.parametrize(
    ("version", "keyword", "encryption"),
    [
        ("version 17.12", "encr", "sha"),
        ("version 17.12", "encryption", None),
        ("version 15.7", "encryption", None),
        ("version 15.7", "encr", "sha"),
        ("version 16.12", "encr", "sha"),
    ],
)
def test_the_spelling_tells_the_image_before_the_release_does(
    version: str, keyword: str, encryption: str | None
) -> None:
    (found,) = policies(f"{version}\n{policy(f'{keyword} aes 256', 'group 14')}")
    assert found.hash == encryption


def test_of_two_spellings_the_classic_one_counts() -> None:
    found = policies("version 17.12\n" + policy("encr aes", number=1) + "\n" + policy("encryption aes", number=2))
    assert [p.hash for p in found] == ["sha", "sha"]


BUILT_IN = [
    ("aes", "sha", "rsa-sig", "5"), ("aes", "sha", "pre-share", "5"), ("aes", "md5", "rsa-sig", "5"),
    ("aes", "md5", "pre-share", "5"), ("3des", "sha", "rsa-sig", "2"), ("3des", "sha", "pre-share", "2"),
    ("3des", "md5", "rsa-sig", "2"), ("3des", "md5", "pre-share", "2"),
]  # fmt: skip


@pytest.mark.parametrize("version", ["", "version 15.7", "version 16.12", "version 17.10"])
def test_the_built_in_policies(version: str) -> None:
    found = policies(version)
    assert [shown(p) for p in found] == BUILT_IN
    assert [p.number for p in found] == list(range(65507, 65515))
    assert {p.line for p in found} == {0}


@pytest.mark.parametrize("version", ["version 17.11", "version 17.12", "version 18.1"])
def test_releases_that_may_refuse_the_built_in_policies(version: str) -> None:
    found = policies(version)
    assert [shown(p) for p in found] == [(None, None, "rsa-sig", None), (None, None, "pre-share", None)]
    assert {p.release for p in found} == {None}
    lifted = policies(f"{version}\ncrypto engine compliance shield disable")
    assert [shown(p) for p in lifted] == BUILT_IN


def test_the_built_in_policies_can_be_switched_off() -> None:
    assert policies("no crypto isakmp default policy") == ()
    assert len(policies("no crypto isakmp default policy\n" + policy(*WHOLE))) == 1


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("aes 128", "aes"),
        ("AES 128", "aes"),
        ("aes 192", "aes 192"),
        ("SHA1", "sha"),
        ("sha256", "sha256"),
        (None, None),
    ],
)
def test_one_spelling_for_one_algorithm(written: str | None, spelt: str | None) -> None:
    assert normal(written) == spelt


class TestAgreement:
    def one(self, text: str) -> EffectivePolicy:
        (found,) = policies(text)
        return found

    def test_what_is_printed_is_compared(self) -> None:
        mine, theirs = (
            self.one(policy(*WHOLE)),
            self.one(policy("encr aes 256", "hash sha", "authentication pre-share", "group 14")),
        )
        assert mine.agrees(theirs, "encryption") is True and mine.agrees(theirs, "hash") is False
        assert not mine.guessed(mine)

    def test_what_nobody_knows_agrees_with_nothing(self) -> None:
        modern, printed = self.one("version 17.12\n" + policy()), self.one(policy(*WHOLE))
        assert modern.agrees(printed, "hash") is None and printed.agrees(modern, "hash") is None
        assert modern.guessed(printed) and printed.guessed(modern)

    def test_two_of_one_release_that_hide_the_same_agree_in_it(self) -> None:
        mine, theirs = (self.one("version 17.12\n" + policy()) for _ in range(2))
        assert mine.agrees(theirs, "hash") is True and mine.both_hide(theirs, "hash")
        assert not mine.guessed(theirs)
        other = self.one("version 17.9\n" + policy())
        assert mine.agrees(other, "hash") is None and not mine.both_hide(other, "hash")
        assert mine.guessed(other)

    def test_the_first_line_of_a_file_is_a_line_like_any_other(self) -> None:
        mine, theirs = self.one(policy()), self.one(policy("encr aes"))
        assert mine.line == theirs.line == 1
        assert mine.both_hide(theirs, "hash") and not mine.both_hide(theirs, "encryption")

    def test_what_only_one_hides_is_guessed(self) -> None:
        mine, theirs = self.one(policy()), self.one(policy("encr des", "hash sha", "authentication rsa-sig", "group 1"))
        assert [mine.agrees(theirs, a) for a in ("encryption", "hash", "authentication", "group")] == [True] * 4
        assert mine.guessed(theirs) and theirs.guessed(mine)

    def test_built_in_policies_hide_nothing_that_would_agree_unseen(self) -> None:
        built_in, printed = policies("")[0], self.one(policy())
        assert not built_in.both_hide(printed, "encryption") and not printed.both_hide(built_in, "encryption")
        assert built_in.agrees(printed, "encryption") is False
        unknown = policies("version 17.12")[0]
        assert not unknown.both_hide(unknown, "encryption")
        assert unknown.agrees(unknown, "encryption") is None
