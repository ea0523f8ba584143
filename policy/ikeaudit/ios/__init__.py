"""IOS written down once: which commands there are, where they stand, what they name, hide, open and replace.

The tables (:mod:`ikeaudit.ios.tables`) hold one row for each command: a :class:`~ikeaudit.ios.command.Command` of a
:class:`~ikeaudit.ios.command.Mode`. A command is added there and nowhere else; everything below is derived.

Reading a line of a mode::

    from ikeaudit.ios.language import COMMANDS, GLOBAL, LANGUAGES, language_of

    found = GLOBAL.match("crypto keyring K1 vrf RED")   # a line as IOS prints it: full words, single blanks
    row, args, negated = found                          # None for any other line
    row.id, args                                        # "global/crypto-keyring", {"name": "K1", "vrf": "RED"}
    inside = language_of(row)                           # the language of the section's lines: LANGUAGES["keyring"]
    inside.known(line)                                  # as match, remembered: for text without clear secrets only
    inside.spell("pre a 1.1.1.1 k <PSK:ab>")            # keywords in full, for what hands typed; told by keywords alone
    inside.read("pre-shared-key address 1.1.1.1 key X") # as configuration mode takes it, or why it does not

* The ledger: ``row.bears`` (``modelled``, ``irrelevant``, ``unclear``, ``other``: not counted). For a line that no row
  describes: ``language.mode.rest``, but in a mode whose other lines do not count (the global one, interfaces) only where
  ``language.concerns(text)``.
* Sections: ``row.opens`` names the mode inside; ``row.section`` what reports call the object and
  ``row.named(args, text)`` its name; a row with ``opens`` and without ``section`` opens a section that tunnels do not
  depend on or, in a section that has a name, one inside of it.
* Builders bind to ``row.id``; ``COMMANDS`` holds all rows by id (the forms of one command share it).
* Redaction: ``row.secret`` names the operand that is a secret, ``row.psk`` the same where it is a pre-shared key.
* Writing: ``command("crypto-map/set-peer", address)`` and ``no(...)`` of :mod:`ikeaudit.ios.writing`.
* Splice, diff and configuration mode: ``defines``, ``refers``, ``no``, ``clash``, ``ranks`` and so on, see ``Command``.
"""
