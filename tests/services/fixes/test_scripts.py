"""Scripts: what is stored of them, templates made of them, and values that stay values whatever they hold."""

import asyncio
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from services.fixes.risks import script_risks
from services.fixes.scripts.declaring import checked
from services.fixes.scripts.extracting import by_names, by_rule
from services.fixes.scripts.filling import filled, mistake
from services.fixes.scripts.model import LANGUAGES, Language, Parameter, ParameterType, Script, Template
from services.fixes.scripts.places import PLACEHOLDER, places
from services.fixes.scripts.tidying import REMOVED, tidied, without_secrets
from tests.services.fixes.conftest import Desk
from tests.services.people import HOSTILE, audited

ONE = (Parameter(name="x"),)


# Secrets


@pytest.mark.parametrize(
    ("written", "secret"),
    [
        ('$password = "Hunter2!"', "Hunter2!"),
        ("$pw = 'x y z'", "x y z"),
        ('ConvertTo-SecureString "P@ss w0rd" -AsPlainText -Force', "P@ss w0rd"),
        ("net user bob Summer2024! /add", "Summer2024!"),
        ('net user "bob b" Winter1', "Winter1"),
        ("set PASSWORD=Foo123", "Foo123"),
        ("PASSWORD=hunter2", "hunter2"),
        ("mysql --password=abc123 -u root", "abc123"),
        ("curl -u admin:secret99 https://x", "secret99"),
        (r"net use z: \\srv\x /user:dom\bob Pass99", "Pass99"),
        (r'net use z: \\srv\x "Summer 9!" /persistent:no', "Summer 9!"),
        (r"net use \\srv\x Summer9 /user:bob", "Summer9"),
        (r'net use \\srv\x /user:bob "Summer 9!"', "Summer 9!"),
        ('$pass = "Hunter2!"', "Hunter2!"),
        ("$sharePass = 'Hunter2!'", "Hunter2!"),
        ('$DB_PASS="Hunter2!"', "Hunter2!"),
        ("PASS=hunter2 ./run", "hunter2"),
        ('Set-Share -Pass "Hunter2!"', "Hunter2!"),
        ("mount --pass hunter2 /x", "hunter2"),
        (r"cmdkey /add:srv /user:bob /pass:Hunter2!", "Hunter2!"),
        ('api_key: "abcdef123456"', "abcdef123456"),
        ('Authorization = "Bearer abc123def456ghi"', "abc123def456ghi"),
        ("https://bob:pw1@host/x", "pw1"),
        ("manage-bde -unlock C: -rp 111111-222222-333333-444444-555555-666666-777777-888888", "111111-222222"),
    ],
)
def test_a_secret_in_a_script_is_taken_out(written: str, secret: str) -> None:
    kept = without_secrets(written)
    assert REMOVED in kept
    assert secret not in kept
    assert without_secrets(kept) == kept


@pytest.mark.parametrize(
    "written",
    [
        "$password = Read-Host -AsSecureString",
        "New-LocalUser -Name bob -Password $pw",
        "ConvertTo-SecureString $x -AsPlainText",
        "net user bob /active:yes",
        "net user bob *",
        r"net use z: \\srv\x /persistent:no",
        r"net use z: /delete",
        'export DB_PASSWORD="$1"',
        "Set-ADAccountPassword -Identity bob -Reset",
        "$passwordAge = (Get-Date) - $x",
        "$token = $env:TOKEN",
        "Set-LocalUser -PasswordNeverExpires $true",
        '$password = "{{password}}"',
        'if ($pwd -eq "C:\\x") {}',
        'cd "$pwd"',
        'read -sp "Password: " PASSWORD',
        'Write-Host "Password reset for user"',
        'powershell -ExecutionPolicy Bypass "C:\\fix it.ps1"',
        "powershell -ExecutionPolicy ByPass 'C:\\fix it.ps1'",
        'Write-Host "PASS: the disk is well"',
        'if ($test -eq "pass") { Write-Host "well" }',
        'Get-Item x -PassThru "y"',
        "echo the tests pass 'today'",
        "$passed = 'yes'",
    ],
)
def test_what_is_no_secret_stays(written: str) -> None:
    assert without_secrets(written) == written


def test_what_cannot_be_seen_is_not_copied() -> None:
    told = tidied(Script("a\r\nb\u202ec\u200b\x1b[0m\x00\ud800\td\u2028e"))
    assert told.body == "a\nbc[0m\td\ne"


@given(st.text(max_size=300))
def test_tidying_twice_changes_nothing_more(body: str) -> None:
    try:
        once = tidied(Script(body))
    except Refused:
        return
    assert tidied(once) == once


# Where placeholders stand


@pytest.mark.parametrize(
    ("language", "body", "stand"),
    [
        ("powershell", "$a = {{x}}", "code"),
        ("powershell", "'{{x}}'", "single"),
        ("powershell", '"a {{x}} b" + {{x}}', "double code"),
        ("powershell", "# it's {{x}}\n{{x}}", "comment code"),
        ("powershell", "<# ' {{x}} #> {{x}}", "comment code"),
        ("powershell", '"$(Get-X {{x}})" {{x}}', "nowhere code"),
        ("powershell", "@'\n{{x}}\n'@\n{{x}}", "nowhere code"),
        ("powershell", "\u2019{{x}}\u2019 {{x}}", "single code"),
        ("powershell", "'it''s {{x}}' {{x}}", "single code"),
        ("powershell", '"a`"{{x}}" {{x}}', "double code"),
        ("powershell", "ping --% {{x}}\n{{x}}", "nowhere code"),
        ("bash", "a={{x}}; '{{x}}' \"{{x}}\"", "code single double"),
        ("bash", "cat <<EOF\n{{x}} '\nEOF\n{{x}}", "nowhere code"),
        ("bash", "# don't {{x}}\n{{x}}", "comment code"),
        ("bash", "echo $# {{x}} a#'b' {{x}}", "code code"),
        ("bash", '"${y:-{{x}}}" {{x}}', "nowhere code"),
        ("bash", '"$(a "{{x}}")" {{x}}', "nowhere code"),
        ("bash", '"$(case a in b) x;; esac)" {{x}}', "nowhere"),
        ("bash", "`a {{x}}` {{x}}", "nowhere code"),
        ("bash", "$'a\\'{{x}}' {{x}}", "nowhere code"),
        ("cmd", 'rem "{{x}}\necho {{x}} "{{x}}" ^"{{x}}', "comment code double code"),
        ("cmd", 'echo "a\n{{x}}', "code"),
    ],
)
def test_it_is_known_what_a_placeholder_stands_in(language: Language, body: str, stand: str) -> None:
    assert " ".join(place.where for place in places(Script(body, language))) == stand


# Values


@settings(max_examples=40)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"]), min_size=1),
        min_size=1,
        max_size=5,
    )
)
@example(["$(echo x)", "`id`", "a'b\"c\\", "!!", "-n", "; exit 3", "\\", "'\"'\"'", "{{x}}", "#", "~", "*"])
def test_bash_takes_a_value_for_that_value_wherever_it_stands(given_values: list[str]) -> None:
    values = [value for value in given_values if mistake(ONE[0], value, "bash") is None]
    body = "p() { printf '%s\\0' \"$@\"; }\n"
    expected = []
    for value in values:
        for around in ("p {{x}}", "p '{{x}}'", 'p "{{x}}"', "p a{{x}}b", 'p "a $HOME {{x}}" # {{x}}'):
            body += filled(Template(Script(around, "bash"), ONE), {"x": value}).body + "\n"
        expected += [value, value, value, f"a{value}b", f"a /h {value}"]
    ran = subprocess.run(["bash", "-s"], input=body.encode(), capture_output=True, env={"HOME": "/h"}, check=True)
    assert ran.stdout.decode().split("\0")[:-1] == expected


@pytest.mark.parametrize(
    ("body", "value", "becomes"),
    [
        ("Get-X {{x}}", "it's", "Get-X 'it''s'"),
        ("Get-X '{{x}}'", "it\u2019s", "Get-X 'it\u2019\u2019s'"),
        ('Get-X "{{x}}"', 'a"b$(c)`d\u201c', 'Get-X "a`"b`$(c)``d`\u201c"'),
        ("Get-X {{x}} # {{x}}", "a; Remove-Item b", "Get-X 'a; Remove-Item b' # <x>"),
    ],
)
def test_powershell_takes_a_value_for_that_value(body: str, value: str, becomes: str) -> None:
    assert filled(Template(Script(body), ONE), {"x": value}).body == becomes


@pytest.mark.parametrize(
    ("value", "becomes"), [("SRV1", "ping SRV1"), ("a b", 'ping "a b"'), ("a,b", 'ping "a,b"'), ("C:\\x", "ping C:\\x")]
)
def test_cmd_takes_a_value_for_that_value(value: str, becomes: str) -> None:
    assert filled(Template(Script("ping {{x}}", "cmd"), ONE), {"x": value}).body == becomes


@pytest.mark.parametrize("value", ['a"b', "%PATH%", "!x!", "a&b", "a|b", "a>b", "^", "C:\\a b\\"])
def test_what_cannot_be_written_safely_for_cmd_is_refused(value: str) -> None:
    with pytest.raises(Invalid, match="X: "):
        filled(Template(Script("echo {{x}}", "cmd"), (Parameter(name="x", label="X"),)), {"x": value})


@pytest.mark.parametrize(
    ("kind", "fits", "does_not"),
    [
        ("text", ["a", "-", "\U0001f600"], ["", "a\nb", "a\x1b", "x" * 1001, "a\u202eb"]),
        ("number", ["0", "-12", "3.5"], ["", "1e9", "٣", "1,5", "0x10", "1;2"]),
        (
            "host",
            ["SRV1", "a.b-c.example", "10.0.0.1", "fe80::1", "_dc.x"],
            ["", "a b", "-a", "a..b", "a;b", "x" * 64],
        ),
        ("path", ["C:\\Temp\\a b", "/var/log", "\\\\srv\\x"], ["", "-rf", "a|b", "a*", 'a"b', "a\nb"]),
        ("secret", ["x", "p'a s$"], ["", "a\nb"]),
        ("choice", ["on"], ["", "On", "maybe"]),
    ],
)
def test_a_value_keeps_to_its_type(kind: ParameterType, fits: list[str], does_not: list[str]) -> None:
    parameter = Parameter(name="x", type=kind, choices=("on", "off") if kind == "choice" else ())
    assert [mistake(parameter, value, "powershell") for value in fits] == [None] * len(fits)
    assert None not in [mistake(parameter, value, "powershell") for value in does_not]


def test_all_mistakes_are_told_and_a_secret_is_not_repeated() -> None:
    template = Template(
        Script("a {{host}} {{key}}"), (Parameter(name="host", type="host"), Parameter(name="key", type="secret"))
    )
    with pytest.raises(Invalid) as told:
        filled(template, {"host": "a b", "key": "top\nsecret", "other": "x"})
    assert len(told.value.detail.splitlines()) == 3
    assert "top" not in told.value.detail


def test_a_script_without_parameters_is_shown_as_it_is() -> None:
    script = Script("docker inspect --format '{{name}}'", "bash")
    assert filled(Template(script), {}) == script


# Templates


@pytest.mark.parametrize(
    ("body", "parameters", "says"),
    [
        ("{{a}} {{b}}", (Parameter(name="a"),), "names b, which is not declared"),
        ("{{a}}", (Parameter(name="a"), Parameter(name="b")), "b is declared"),
        ("{{a}}", (Parameter(name="a"), Parameter(name="a")), "declared 2 times"),
        ("{{a}}", (Parameter(name="a", type="choice", choices=("x",)),), "2 choices or more"),
        ("{{a}}", (Parameter(name="a", choices=("x", "y")),), "2 choices or more"),
        ("{{a}}", (Parameter(name="a", type="choice", choices=("x", "y"), default="z"),), "none of its choices"),
        ("{{a}}", (Parameter(name="a", type="secret", default="x"),), "never kept"),
        ("{{a}}", (Parameter(name="A B"),), "is no name"),
        ("{{a}}", (Parameter(name="a", label="x\x1b"),), "one line"),
        ('"$(x {{a}})"', (Parameter(name="a"),), "where no value can be written safely"),
        ("{{a}}", (Parameter(name="a", type="list"),), "none of text"),  # type: ignore[arg-type]
        ("{{password}}", (Parameter(name="password", default="Hunter2!"),), "looks like a secret"),
    ],
)
def test_a_template_that_is_not_whole_is_refused(body: str, parameters: tuple[Parameter, ...], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        checked(Template(Script(body), parameters))


@pytest.mark.parametrize(
    ("language", "body", "found"),
    [
        ("powershell", '$Server = "SRV1"\nGet-Printer -ComputerName $Server', {"server": "host"}),
        (
            "powershell",
            "param(\n  [string]$SharePath = '\\\\srv\\x',\n  $UserName = \"bob\"\n)\n$UserName",
            {"share_path": "path", "user_name": "text"},
        ),
        ("powershell", '$password = "[removed]"', {"secret": "secret"}),
        ("powershell", '$ErrorActionPreference = "Stop"\n$x = "$a"\n# $server = "SRV1"', {}),
        (
            "bash",
            'HOST=srv1.example.com\nexport DIR="/var/spool/cups"\nPATH=/usr/bin\n',
            {"host": "host", "dir": "path"},
        ),
        ("cmd", 'set SERVER=SRV1\nset "SHARE=\\\\srv\\x y"\nrem set A=bcd\n', {"server": "host", "share": "path"}),
        ("bash", "docker inspect --format '{{state}}'\nHOST=srv1", {}),
    ],
)
def test_what_is_assigned_becomes_a_parameter(language: Language, body: str, found: dict[str, str]) -> None:
    template = by_rule(Script(body, language))
    assert {each.name: each.type for each in template.parameters} == found
    if not found:
        assert template.script.body == body


@given(
    st.sampled_from(["powershell", "cmd", "bash"]),
    st.lists(
        st.sampled_from(
            ['$a = "bcd"', "A=bcd", "set A=bcd", "{{a}}", "[removed]", '"', "'", "#", "\n", "(", ")", "$(", "`", "<<E"]
        ),
        max_size=12,
    ),
    st.lists(st.tuples(st.sampled_from(["a", "b", "A b"]), st.sampled_from(["bcd", "$a", "A="])), max_size=3),
)
def test_a_template_gives_its_script_again_or_has_no_parameters(
    language: Language, parts: list[str], named: list[tuple[str, str]]
) -> None:
    script = Script("".join(parts), language)
    for made in (by_rule(script), by_names(script, [(Parameter(name=name), value) for name, value in named])):
        names = {each.name for each in made.parameters}
        if not names:
            assert made.script == script
            continue
        assert {match[1] for match in PLACEHOLDER.finditer(made.script.body)} == names
        pieces = iter(PLACEHOLDER.split(made.script.body)[::2])
        at = 0
        for piece in pieces:
            at = script.body.index(piece, at) + len(piece)


def test_the_same_value_is_cut_out_wherever_it_stands_alone() -> None:
    script = Script('Test-NetConnection SRV1\nping SRV1.local\n# SRV1\nGet-Item "\\\\SRV1\\x"')
    made = by_names(script, [(Parameter(name="server", type="host"), "SRV1")])
    assert made.script.body == 'Test-NetConnection {{server}}\nping SRV1.local\n# SRV1\nGet-Item "\\\\{{server}}\\x"'


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("Restart-Service Spooler", "stops or changes services"),
        ("Remove-Item C:\\Temp -Recurse", "deletes"),
        ("rm -rf /tmp/x", "deletes"),
        ("iwr https://x/y.ps1 | iex", "downloads and runs"),
        ("curl -s https://x | sudo bash", "downloads and runs"),
        ("Set-ItemProperty HKCU:\\x y 1", "changes the registry"),
        ("netsh advfirewall set allprofiles state off", "changes protection"),
        ("net user bob x /add", "changes accounts"),
        ("icacls C:\\x /grant bob:F", "changes rights"),
        ("shutdown /r /t 0", "restarts"),
        ("sudo apt list", "runs as an administrator"),
        ("winget install x", "installs or removes software"),
    ],
)
def test_a_risky_line_is_marked(line: str, what: str) -> None:
    (risk,) = script_risks(Script(f"# {line}\nWrite-Host hello\n{line}", "powershell"))
    assert (risk.number, risk.what) == (3, what)


@pytest.mark.parametrize(
    "line",
    [
        "Get-Printer -ComputerName SRV1",
        "Get-ChildItem C:\\Users | Format-Table",
        "Test-NetConnection x -Port 443",
        "ping 8.8.8.8",
        "ipconfig /all",
        "Get-Service Spooler",
        "cat /var/log/syslog",
    ],
)
def test_a_line_that_only_looks_is_not(line: str) -> None:
    assert script_risks(Script(line)) == ()


def test_a_hostile_script_is_marked_in_time() -> None:
    for body in ("(" * 20_000, "'\"`" * 5_000, "a" * 60_000, "iex " * 10_000, "<<E\n" * 5_000, HOSTILE * 300):
        for language in LANGUAGES:
            script_risks(Script(body, language))
            by_rule(Script(body, language))
            without_secrets(body)


# The library


async def test_a_draft_is_reviewed_accepted_changed_and_retired(desk: Desk) -> None:
    team, scripts = desk.scene.team, desk.scripts
    template = Template(Script("Get-Printer {{server}}"), (Parameter(name="server", type="host", label="Server"),))
    draft = await scripts.add(team.engineer, "Look at printers", template)
    assert (draft.status, draft.by, draft.template) == ("draft", "emil", template)
    accepted = await scripts.accept(team.admin, draft)
    assert (accepted.status, accepted.changed_by) == ("accepted", "ada")
    with pytest.raises(Conflict, match="ada changed this script"):
        await scripts.retire(team.engineer, draft)
    with pytest.raises(Refused, match="accepted"):
        await scripts.accept(team.engineer, accepted)
    edited = await scripts.edit(team.engineer, accepted, "Look at them", Template(Script("Get-Printer")))
    assert (edited.status, edited.template.parameters) == ("draft", ())
    retired = await scripts.retire(team.owner, edited)
    for change in (scripts.retire(team.owner, retired), scripts.edit(team.owner, retired, "x", template)):
        with pytest.raises(Refused, match="retired"):
            await change
    assert await scripts.listed(team.engineer, status="accepted") == ()
    assert await scripts.listed(team.engineer) == (retired,)
    assert [row.details["title"] for row in await audited(desk.scene.database, team.owner, "script.accept")] == [
        "Look at printers"
    ]


async def test_who_may_not_see_the_library_does_not(desk: Desk) -> None:
    team, scripts = desk.scene.team, desk.scripts
    stored = await scripts.add(team.engineer, "Look", Template(Script("Get-Printer")))
    for refused in (scripts.listed(team.tech), scripts.open(team.tech, stored.id), scripts.accept(team.tech, stored)):
        with pytest.raises(NotAllowed):
            await refused
    for theirs in (scripts.open(team.their_owner, stored.id), scripts.accept(team.their_owner, stored)):
        with pytest.raises(NotFound):
            await theirs
    assert await scripts.listed(team.their_owner) == ()


async def test_a_template_keeps_no_secret(desk: Desk) -> None:
    stored = await desk.scripts.add(desk.scene.team.engineer, "x", Template(Script('$password = "Hunter2!"')))
    assert "Hunter2!" not in (await desk.scripts.open(desk.scene.team.engineer, stored.id)).template.script.body


async def test_of_two_who_accept_at_once_one_is_told(desk: Desk) -> None:
    team = desk.scene.team
    stored = await desk.scripts.add(team.engineer, "x", Template(Script("Get-Printer")))
    found = await asyncio.gather(
        desk.scripts.accept(team.engineer, stored), desk.scripts.accept(team.admin, stored), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in found) == ["Conflict", "StoredTemplate"]
