"""The one Jinja2 environment: a missing value is an error, nothing is escaped, and a user's folder comes first.

Templates hold no logic beyond ``for`` and ``if`` over values that Python prepared; they only own the layout of the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)

from ikeaudit.model.errors import InputError

_OWN = Path(__file__).parent


class Templates:
    """The package's templates, each of which a file of the same relative name in ``overrides`` replaces.

    ``strategies`` are folders of templates of strategies that are not in the package: those of strategy ``N`` are called
    ``strategies/N/...``. Raises :class:`InputError` when ``overrides`` is no folder.
    """

    def __init__(self, overrides: Path | None = None, strategies: Mapping[str, Path] | None = None) -> None:
        if overrides is not None and not overrides.is_dir():
            raise InputError(
                f"The template folder {overrides} is not a folder; name one that holds your own templates."
            )
        folders = [_OWN] if overrides is None else [overrides, _OWN]
        added = {name: FileSystemLoader(folder) for name, folder in (strategies or {}).items()}
        loaders: list[BaseLoader] = [FileSystemLoader(folders)]
        loaders += [PrefixLoader({"strategies": PrefixLoader(added)})] if added else []
        # What is rendered are router configurations and Markdown, never HTML.
        self._environment = Environment(
            loader=ChoiceLoader(loaders),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def render(self, template: str, /, **values: object) -> str:
        """The text of ``template`` (a name such as ``strategies/single-keyring/add-keys.j2``) with ``values`` filled in.

        Raises :class:`InputError` for a template that is missing, malformed, or asks for a value that is not given.
        """
        try:
            return self._environment.get_template(template).render(values)
        except TemplateNotFound as error:
            raise InputError(f"There is no template {error.name}.") from None
        except TemplateSyntaxError as error:
            where = f"{error.filename or template} line {error.lineno}"
            raise InputError(f"The template {where} is malformed: {_sentence(error)}") from None
        except TemplateError as error:
            raise InputError(f"The template {template} cannot be filled in: {_sentence(error)}") from None

    def names(self) -> tuple[str, ...]:
        """Every template that can be rendered, overrides included, sorted."""
        return tuple(self._environment.list_templates(extensions=["j2"]))


def _sentence(error: TemplateError) -> str:
    return f"{(error.message or type(error).__name__).rstrip('.')}."


@cache
def packaged() -> Templates:
    """The package's own templates, each compiled once in a process."""
    return Templates()


def render(template: str, /, **values: object) -> str:
    """Render one of the package's own templates; see :meth:`Templates.render`."""
    return packaged().render(template, **values)
