"""Verbs in processes of their own, as a user runs them, beside a lab in this one."""

from __future__ import annotations

import os
import subprocess
import sys


class Verbs:
    """Runs verbs in processes of their own, beside the lab."""

    def __init__(self, tmp_path, window):
        self.tmp_path = tmp_path
        self.window = window
        self.texts = []

    def start(self, *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=None, **environ):
        settings = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.tmp_path),
            "IKEAUDIT_USERNAME": "lab",
            "IKEAUDIT_PASSWORD": "Canary-login-4Wd6",
            "IKEAUDIT_ENABLE": "Canary-enable-4Wd2",
            "IKEAUDIT_WORKSPACE": str(self.tmp_path / "workspace"),
        }
        return subprocess.Popen(
            [sys.executable, "-c", "from ikeaudit.cli.main import run; run()", *map(str, arguments)],
            cwd=self.tmp_path,
            env=settings | environ,
            stdout=stdout,
            stderr=stderr,
            stdin=stdin,
            text=True,
        )

    def finish(self, process):
        out, err = process.communicate(timeout=100)
        self.texts += [out, err]
        assert "Traceback" not in err
        return process.returncode, out, err

    def run(self, *arguments, **environ):
        return self.finish(self.start(*arguments, **environ))

    def assert_no_canary(self):
        texts = [*self.texts]
        texts += [f.read_text(errors="replace") for f in self.tmp_path.rglob("*") if f.is_file()]
        assert not any("Canary" in text for text in texts)
