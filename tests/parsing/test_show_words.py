"""Which words of show output are the command's own, and which are somebody's."""

import pytest

from ikeaudit.parsing.shows import is_printed

OWN = (
    "Interface: UP-ACTIVE DOWN-NEGOTIATING QM_IDLE MM_KEY_EXCH READY IN-NEG #pkts dec'ed enc'ed (KB/Sec) 4607999/3595 "
    "192.0.2.1/500 2001:DB8::1/500 connid:1001 lifetime:23:59:55 3d18h 7w0d never Capabilities:D AES-CBC Grp:20 SHA384 "
    "0.0.0.0/0.0.0.0 <PSK:0123456789abcdef> Tunnel1 GigabitEthernet0/0 Phase1_id: fvrf/ivrf none/none Life/Active deleted"
)
SOMEBODYS = "K-WIDGETS Widgets: acme/none hostname-of-acme jdoe@widgets.example Zx81-widgets connid:acme v1d6ets-77"


@pytest.mark.parametrize("word", OWN.split())
def test_the_commands_own(word: str) -> None:
    assert is_printed(word)


@pytest.mark.parametrize("word", SOMEBODYS.split())
def test_somebodys(word: str) -> None:
    assert not is_printed(word)
