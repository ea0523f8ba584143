"""``python -m ikeaudit.cli``: the same as ``ikeaudit``."""

from ikeaudit.cli.main import run

if __name__ == "__main__":
    run()
