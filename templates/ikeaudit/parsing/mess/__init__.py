"""Text as it reaches us from elsewhere than a router: damaged, wrapped, shuffled, mixed with notes, several devices in one.

One door leads here, :func:`clean`: text in, text and remarks out. It lets a running-config pass that is just as IOS prints it
(:func:`as_printed`), as a collected snapshot's is. What only the reader of the configuration can notice, it
asks line by line: whether a line that no mode knows was meant to matter (:func:`is_stray`, :func:`is_garbled`,
:func:`is_damaged_child`, :func:`is_unfilled`), and what was taken back (:func:`undo`). Redaction asks
which lines are text of people (:func:`written_by_people`).
"""

from ikeaudit.parsing.mess.damage import is_damaged_child, is_stray
from ikeaudit.parsing.mess.door import Cleaned, Foreign, RouterText, clean
from ikeaudit.parsing.mess.freeform import banner_of, opens_text, written_by_people
from ikeaudit.parsing.mess.garble import begins_with_a_word, is_garbled
from ikeaudit.parsing.mess.printed import Printed, as_printed
from ikeaudit.parsing.mess.recognise import OPENING, is_unfilled, may_be_unfilled, open_keys, placeholders
from ikeaudit.parsing.mess.undo import undo

__all__ = [
    "OPENING",
    "Cleaned",
    "Foreign",
    "Printed",
    "RouterText",
    "as_printed",
    "banner_of",
    "begins_with_a_word",
    "clean",
    "is_damaged_child",
    "is_garbled",
    "is_stray",
    "is_unfilled",
    "may_be_unfilled",
    "open_keys",
    "opens_text",
    "placeholders",
    "undo",
    "written_by_people",
]
