"""Strategies from a folder of the user's own, loaded when they are asked for (``ikeaudit plan --strategies FOLDER``).

::

    FOLDER
    └── NAME               one folder for each strategy, called like the strategy
        ├── strategy.py    assigns STRATEGY; may import its neighbours (``from .lines import ...``)
        ├── page.md        its documentation page
        └── *.j2           its templates, rendered as ``strategies/NAME/....j2``

Nothing is registered by importing anything: a folder that is not named is not looked at, and what a module leaves behind is
its ``STRATEGY``. What it proposes is checked for its form here and proven like every other proposal.
"""

import re
import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from traceback import walk_tb
from types import ModuleType
from typing import get_args

import msgspec

from ikeaudit.fleet import Fleet
from ikeaudit.model.errors import IkeauditError, InputError
from ikeaudit.remediation.strategies.contract import Proposal, Request, Strategy, WavesOf
from ikeaudit.snapshot.plain_files import LARGEST_BY_HAND, read_plain_text, require_plain, why

MODULE = "strategy.py"
PAGE = "page.md"
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_PACKAGE = "ikeaudit_own_strategies"


class OwnStrategies(msgspec.Struct, frozen=True):
    """The strategies of one folder, and the folders of their templates by strategy name."""

    strategies: tuple[Strategy, ...] = ()
    templates: dict[str, Path] = {}


def load_own(folder: Path, taken: tuple[str, ...]) -> OwnStrategies:
    """The strategies in ``folder``; ``taken`` are names that they must not have.

    Raises :class:`InputError`, which names the file and what is wrong with it, for a folder without strategies and for the
    first one that cannot be used.
    """
    if not folder.is_dir():
        raise InputError(f"The strategies folder {folder} is not a folder; name one that holds your own strategies.")
    homes = sorted(path.parent for path in folder.glob(f"*/{MODULE}"))
    if not homes:
        raise InputError(f"There is no strategy in {folder}; a strategy is a folder in there with a file {MODULE}.")
    return OwnStrategies(tuple(_load(home.absolute(), taken) for home in homes), {h.name: h.absolute() for h in homes})


def _load(home: Path, taken: tuple[str, ...]) -> Strategy:
    file = home / MODULE
    if _NAME.fullmatch(home.name) is None:
        raise InputError(
            f"{home}: the name of a strategy has lower-case letters and digits, with single dashes between them."
        )
    if home.name in taken:
        raise InputError(f"{home}: there is a strategy {home.name} already; give yours another name.")
    try:
        require_plain(file, LARGEST_BY_HAND)
    except OSError as error:
        raise InputError(f"{file}: it cannot be read ({why(error)}).") from None
    strategy = getattr(_imported(home, file), "STRATEGY", None)
    if not isinstance(strategy, Strategy):
        raise InputError(f"{file}: it must assign a Strategy to STRATEGY (from ikeaudit.remediation.strategies).")
    wrong = next((field for field, right in _fields(strategy).items() if not right), None)
    if wrong is not None:
        raise InputError(f"{file}: {wrong} of STRATEGY is not what it should be: {_FIELDS[wrong]}.")
    if strategy.name != home.name:
        raise InputError(f"{file}: STRATEGY is called {strategy.name}, and its folder {home.name}; call both the same.")
    try:
        page = strategy.documentation or read_plain_text(home / PAGE, LARGEST_BY_HAND)
    except (OSError, UnicodeDecodeError):
        page = ""
    if not page.strip():
        raise InputError(f"{home}: a strategy has a documentation page; write one as {PAGE}.")
    return msgspec.structs.replace(strategy, documentation=page, propose=_guarded(strategy, home))


_FIELDS = {
    "name": "the name of its folder",
    "title": "one line of text",
    "documentation": f"text, or '' for that in {PAGE}",
    "propose": "a function of a fleet and a request",
    "waves": "'routers' or 'tunnels'",
}


def _fields(strategy: Strategy) -> dict[str, bool]:
    """The fields of ``strategy``, and whether each is of its kind."""
    lines = strategy.title.splitlines() if isinstance(strategy.title, str) else []
    return {
        "name": isinstance(strategy.name, str),
        "title": len(lines) == 1 and bool(lines[0].strip()),
        "documentation": isinstance(strategy.documentation, str),
        "propose": callable(strategy.propose),
        "waves": strategy.waves in get_args(WavesOf),
    }


def _imported(home: Path, file: Path) -> ModuleType:
    """The module in ``file``, run anew, as a package of its own so that it finds its neighbours."""
    name = f"{_PACKAGE}.{home.name.replace('-', '_')}"
    sys.modules.setdefault(_PACKAGE, ModuleType(_PACKAGE))
    for known in [known for known in sys.modules if known == name or known.startswith(f"{name}.")]:
        del sys.modules[known]
    spec = spec_from_file_location(name, file, submodule_search_locations=[str(home)])
    assert spec is not None and spec.loader is not None, "a .py file has a loader"
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        where = f"{error.filename or file} line {error.lineno}"
        raise InputError(f"{where}: it is not Python: {error.msg}.") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the user's code raises is the user's to read
        raise InputError(f"{_where(error, home)}: it cannot be loaded: {_sentence(error)}") from None
    return module


def _guarded(strategy: Strategy, home: Path) -> Callable[[Fleet, Request], Proposal]:
    """``propose`` with its mistakes said in one sentence."""
    propose = strategy.propose

    def guarded(fleet: Fleet, request: Request) -> Proposal:
        try:
            proposal = propose(fleet, request)
        except IkeauditError:
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the user's code raises is the user's to read
            raise InputError(f"{_where(error, home)}: {strategy.name} failed: {_sentence(error)}") from None
        return _formed(proposal, request, home / MODULE)

    return guarded


def _formed(proposal: object, request: Request, file: Path) -> Proposal:
    """``proposal`` when it has the form of one."""
    if not isinstance(proposal, Proposal):
        raise InputError(f"{file}: propose must return a Proposal, not {type(proposal).__name__}.")
    try:
        formed = msgspec.convert(msgspec.to_builtins(proposal), Proposal)
    except (msgspec.ValidationError, TypeError) as error:
        raise InputError(f"{file}: what propose returns is not a Proposal: {_sentence(error)}") from None
    for draft in formed.drafts:
        if draft.router not in request.order:
            raise InputError(
                f"{file}: the step '{draft.title}' is for {draft.router}, which this plan must not change."
            )
        if not draft.evidence:
            raise InputError(
                f"{file}: the step '{draft.title}' on {draft.router} must name the lines that are its reason "
                "(evidence=router.evidence(LINE))."
            )
    for refusal in formed.refusals:
        if not refusal.reason.strip() or not refusal.evidence:
            raise InputError(
                f"{file}: the refusal of '{refusal.subject}' on {refusal.router} must name its reason and its lines "
                "(evidence=router.evidence(LINE))."
            )
    return formed


def _where(error: BaseException, home: Path) -> str:
    """The user's line in which ``error`` arose."""
    found = str(home / MODULE)
    for frame, line in walk_tb(error.__traceback__):
        if Path(frame.f_code.co_filename).is_relative_to(home):
            found = f"{frame.f_code.co_filename} line {line}"
    return found


def _sentence(error: BaseException) -> str:
    words = " ".join(str(error).split()).rstrip(".")
    kind = "" if isinstance(error, msgspec.ValidationError) else type(error).__name__
    return ": ".join(part for part in (kind, words) if part) + "."
