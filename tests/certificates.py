"""Certificates for a server of the tests, made by `openssl`: right, out of date, of another authority."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


@dataclass(frozen=True)
class Certificate:
    certificate: str
    key: str


class Authority:
    """Signs for whom it is told to. `path` is what its clients trust."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self.path = folder / "ca.crt"
        _openssl(
            folder, "req", "-x509", *_KEY, "-keyout", "ca.key", "-out", "ca.crt", "-days", "2", "-subj", f"/CN={name}"
        )

    def certificate(self, host: str, *, days: int = 2) -> Certificate:
        """For the name `host`; out of date where `days` is negative."""
        names = self._folder / "names.cnf"
        names.write_text(f"subjectAltName=DNS:{host}\n")
        _openssl(self._folder, "req", *_KEY, "-keyout", "key.pem", "-out", "request.pem", "-subj", f"/CN={host}")
        signed = ("-req", "-in", "request.pem", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial")
        _openssl(self._folder, "x509", *signed, "-days", str(days), "-extfile", "names.cnf", "-out", "signed.pem")
        return Certificate((self._folder / "signed.pem").read_text(), (self._folder / "key.pem").read_text())


def _openssl(folder: Path, *arguments: str) -> None:
    made = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
