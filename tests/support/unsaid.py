"""What a value holds where nothing was said: most of its fields nothing at all, the others what is listed by hand."""

from __future__ import annotations

import msgspec

NOTHING: tuple[object, ...] = (None, (), "", 0, False)


def unsaid(kind: type) -> dict[str, object]:
    """The fields of a struct or a named tuple that hold something although nobody gave it."""
    if issubclass(kind, msgspec.Struct):
        values = kind.__struct_defaults__
        given = dict(zip(kind.__struct_fields__[-len(values) :], values, strict=True)) if values else {}
    else:
        given = dict(kind._field_defaults)  # type: ignore[attr-defined]
    fixed = {name: value for name, value in given.items() if value.__class__.__name__ not in ("Factory", "NODEFAULT")}
    return {name: value for name, value in fixed.items() if not any(value is one or value == one for one in NOTHING)}
