"""The house itself: what lies where, what the locks and the wheel hold, and that nothing names one person's machine."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PACKAGES = ("rfl1", "screens", "services", "storage", "migrations")
LONGEST = 350
"""Lines of a module; a longer one is a room that has become a hall. A migration is a record and may be longer."""


def tracked() -> list[str]:
    """The files of the repository; of an unpacked archive, all that lie there and are not left behind by tools."""
    if (ROOT / ".git").exists():
        listed = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
        names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
        return [name for name in names if name and (ROOT / name).is_file()]
    hidden = re.compile(r"(^|/)(\.(?!ci/|gitignore)|__pycache__|build/|dist/)")
    names = [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file()]
    return [name for name in names if not hidden.search(name)]


def test_the_top_level_is_the_outline() -> None:
    outline = {*PACKAGES, "tests", "benchmarks", "docs", "examples", ".ci", ".gitignore", "pyproject.toml", "Makefile"}
    outline |= {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "requirements.lock", "requirements-dev.lock"}
    assert {name.split("/")[0] for name in tracked()} <= outline


def test_every_module_fits_a_room() -> None:
    modules = [
        name for name in tracked() if name.endswith(".py") and not name.startswith(("tests/", "migrations/versions/"))
    ]
    lines = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in modules}
    assert {name: count for name, count in lines.items() if count > LONGEST} == {}


def test_no_file_names_a_registry_or_a_machine() -> None:
    registry = r"--(?:extra-)?index-url|https?://\S+/simple\b|https?://\S+\.(?:whl|tar\.gz|tgz)\b|pypi\.|pythonhosted"
    places = [re.escape(f"{place}/") for place in (ROOT, Path.home()) if len(place.parts) > 1]
    found = re.compile("|".join([registry, *places]))
    here = Path(__file__).relative_to(ROOT).as_posix()
    texts = {name: (ROOT / name).read_bytes().decode("utf-8", errors="replace") for name in tracked() if name != here}
    assert {name: match.group() for name, text in texts.items() if (match := found.search(text))} == {}


def pinned(lock: str) -> dict[str, Version]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    named = (line.partition("==") for line in lines if line and not line.startswith((" ", "#")))
    return {canonicalize_name(name): Version(rest.split()[0]) for name, _, rest in named}


def asked() -> dict[str, list[Requirement]]:
    """Lock file to what pyproject asks of it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    runtime = [*project["project"]["dependencies"], *project["build-system"]["requires"], *groups["build"]]
    dev = [*runtime, *(each for each in groups["dev"] if isinstance(each, str))]
    return {
        "requirements.lock": [Requirement(each) for each in runtime],
        "requirements-dev.lock": [Requirement(each) for each in dev],
    }


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_all_that_pyproject_asks_for(lock: str) -> None:
    pins = pinned(lock)
    missed = [
        str(each)
        for each in asked()[lock]
        if (pin := pins.get(canonicalize_name(each.name))) is None or not each.specifier.contains(pin)
    ]
    assert missed == [], "run `make lock`"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_holds_names_versions_and_hashes_only(lock: str) -> None:
    allowed = re.compile(
        r"#[^:/]*(?: via the following command:)?$|#\s+make lock$"
        r"|[\w.-]+==[\w.+]+( ; [\w\s.'\"=!<>()-]+)? \\$"
        r"|    --hash=sha256:[0-9a-f]{64}( \\)?$"
    )
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not allowed.match(line)] == []


def test_both_locks_agree() -> None:
    runtime, dev = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert {name: version for name, version in runtime.items() if dev.get(name) != version} == {}


def test_continuous_integration_runs_what_people_run() -> None:
    script = ROOT / ".ci/run"
    assert script.stat().st_mode & 0o111
    assert "exec make test" in script.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(wheel: zipfile.ZipFile) -> None:
    inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    ours = {name for name in tracked() if name.startswith(tuple(f"{package}/" for package in PACKAGES))}
    assert ours <= inside
    assert {name.split("/")[0] for name in inside} == set(PACKAGES)


@pytest.mark.parametrize(
    "kind",
    ["migrations/versions/*.py", "services/flows/starter/*.yaml", "services/builder/playbooks/*.yaml", "*/*.tcss"],
)
def test_the_wheel_holds_what_the_program_reads_at_run_time(wheel: zipfile.ZipFile, kind: str) -> None:
    assert [name for name in wheel.namelist() if Path(name).match(kind)]


def test_the_wheel_installs_the_command(wheel: zipfile.ZipFile) -> None:
    points = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "rfl1 = rfl1.__main__:main" in wheel.read(points).decode()


def test_links_between_the_documents_lead_somewhere() -> None:
    link = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
    documents = [name for name in tracked() if name.endswith(".md")]
    dead = [
        (name, target)
        for name in documents
        for target in link.findall((ROOT / name).read_text(encoding="utf-8"))
        if not (ROOT / name).parent.joinpath(target).exists()
    ]
    assert dead == []
