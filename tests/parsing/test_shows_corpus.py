"""Show output that others captured: each file is understood by the reader of its command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ikeaudit.parsing import shows
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import redact
from ikeaudit.snapshot.text_files import read_text

pytestmark = pytest.mark.corpus

FOLDER = Path(__file__).resolve().parents[2] / "../shared/corpus/show"
FINGERPRINTER = Fingerprinter(b"a test key of sufficient length.")

# file number -> reader, rows
EXPECTED: dict[str, tuple[Callable[[str], Any], int]] = {
    "002": (shows.parse_isakmp_key, 1),
    "005": (shows.parse_isakmp_key, 1),
    "006": (shows.parse_isakmp_key, 0),
    "007": (shows.parse_isakmp_key, 1),
    "009": (shows.parse_session, 1),
    "010": (shows.parse_session, 1),
    "011": (shows.parse_session, 1),
    "015": (shows.parse_ikev2_sa, 2),
    "017": (shows.parse_ikev2_sa, 3),
    "018": (shows.parse_ikev2_sa, 1),
    "022": (shows.parse_ikev2_sa, 1),
    "025": (shows.parse_ikev2_sa, 2),
    "033": (shows.parse_isakmp_sa, 3),
    "037": (shows.parse_isakmp_sa, 2),
    "038": (shows.parse_isakmp_sa, 2),
    "045": (shows.parse_session, 1),
    "053": (shows.parse_session, 2),
    "065": (shows.parse_session, 3),
    "066": (shows.parse_session, 1),
    "067": (shows.parse_session, 2),
    "075": (shows.parse_isakmp_sa, 0),
    "077": (shows.parse_session, 2),
    "078": (shows.parse_session, 2),
}


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared corpus does not lie beside the project")
@pytest.mark.parametrize("number", EXPECTED)
def test_captured_output_is_understood(number: str) -> None:
    (file,) = FOLDER.glob(f"{number}_*")
    reader, rows = EXPECTED[number]
    found = reader(redact(read_text(file), FINGERPRINTER).text)
    assert found is not None
    assert len(found) == rows


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared corpus does not lie beside the project")
def test_no_reader_fails_on_any_file() -> None:
    readers = [getattr(shows, name) for name in shows.__all__ if name.startswith("parse_") and name != "parse_shows"]
    for file in sorted(FOLDER.iterdir()):
        text = redact(read_text(file), FINGERPRINTER).text
        for reader in readers:
            reader(text)
