"""What was worked out of one version of a router serves the next where the parts that it is worked out of are the same."""

from __future__ import annotations

from collections.abc import Mapping

from ikeaudit.model import Router


def take_over(
    now: object, router: Router, earlier: object, was: Router, worked_out_of: Mapping[str, tuple[str, ...]]
) -> None:
    """Give ``now``, which is about ``router``, what ``earlier`` holds by the names in ``worked_out_of``, and is about ``was``.

    Each name stands with the parts of a router that its value hangs on, and on nothing else. Parts count as the same where they
    are the very same objects: a version that changes little shares them with the one before.
    """
    known = earlier.__dict__
    kept: dict[str, bool] = {}
    for name, parts in worked_out_of.items():
        if name not in known:
            continue
        for part in parts:
            same = kept.get(part)
            if same is None:
                same = kept[part] = getattr(was, part) is getattr(router, part)
            if not same:
                break
        else:
            now.__dict__[name] = known[name]
