"""What is risky about a fix: marked for the engineer who reads it, and no more. Engineers may do what level 1 may not.

The words are read by the hard floor of level 1; lines of a script also by what their commands do.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from services.builder.guardrails import unsafe
from services.fixes.model import Fix, Suggestion
from services.fixes.scripts.model import Script
from services.fixes.scripts.places import Surroundings

Part = Literal["title", "rationale", "step", "script"]
MOST_LINES = 400
"""Of a script; what follows is marked as not looked at."""
_LONGEST_LINE = 400
_TOLD_BY_ACTS = {"elevated or admin script", "data or disk deletion"}
"""To the hard floor every command is the first of these; what a command does is better told by its name."""


@dataclass(frozen=True, slots=True)
class Risk:
    part: Part
    number: int
    """Of the step or of the script's line, from 1; 0 where there is one only."""
    what: str
    """In the words of the mark: `deletes`, `downloads and runs`, or a category that is closed to level 1."""
    words: str


def risks(fix: Fix | Suggestion) -> tuple[Risk, ...]:
    """Everything that is marked, in reading order."""
    texts: list[tuple[Part, int, str]] = [("title", 0, fix.title), ("rationale", 0, fix.rationale)]
    texts += [("step", number, step) for number, step in enumerate(fix.steps, 1)]
    found = [risk for part, number, text in texts if (risk := _of_text(part, number, text)) is not None]
    return (*found, *(() if fix.script is None else script_risks(fix.script)))


@lru_cache(maxsize=64)
def script_risks(script: Script) -> tuple[Risk, ...]:
    """One for each line at most; none for comments."""
    around, found, start = Surroundings(script), list[Risk](), 0
    for number, line in enumerate(script.body.split("\n"), 1):
        if number > MOST_LINES:
            found.append(Risk("script", number, "not looked at", f"only the first {MOST_LINES} lines are"))
            break
        inside = start + len(line) - len(line.lstrip())
        if line.strip() and around.at(inside) != "comment":
            risk = _of_line(number, line[:_LONGEST_LINE].strip())
            found += [] if risk is None else [risk]
        start += len(line) + 1
    return tuple(found)


def _of_line(number: int, line: str) -> Risk | None:
    for what, shape in _ACTS:
        match = shape.search(line)
        if match is not None:
            return Risk("script", number, what, match.group().strip())
    risk = _of_text("script", number, line)
    return None if risk is None or risk.what in _TOLD_BY_ACTS else risk


def _of_text(part: Part, number: int, text: str) -> Risk | None:
    reason = unsafe(text)
    return None if reason is None else Risk(part, number, reason.category.replace("_", " "), reason.words)


_ACTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (what, re.compile(rf"(?i)(?<![\w.-])(?:{shape})"))
    for what, shape in (
        (
            "downloads and runs",
            r"(?:iex|invoke-expression)\b.{0,200}(?:http|download|iwr|webrequest|webclient)"
            r"|(?:curl|wget|iwr|irm|invoke-webrequest|invoke-restmethod)\b.{0,200}\|\s*(?:sudo\s+)?(?:iex|invoke-expression"
            r"|ba?sh|zsh|cmd|powershell|python\d?)\b|.{0,200}downloadstring|mshta\b|(?:ba)?sh\s+<\(\s*(?:curl|wget)",
        ),
        (
            "runs what it puts together",
            r"iex\b|invoke-expression\b|eval\b|-e(?:nc(?:odedcommand)?)?\s+[A-Za-z0-9+/=]{20,}",
        ),
        (
            "deletes",
            r"rm\s+-\w*[rf]|remove-item\b|ri\b.{0,80}-recurse|del\s+/|erase\s+/|rd\s+/s|rmdir\s+/s|format(?:-volume)?\s+\w:?"
            r"|clear-(?:disk|recyclebin|content)\b|diskpart\b|dd\s+.{0,80}\bof=|mkfs|wipefs|shred\b|cipher\s+/w"
            r"|bcdedit\b|bootrec\b|remove-(?:ad\w+|mailbox\w*|vm|user|localuser|smbshare|partition|printer)\b|vssadmin\s+delete"
            r"|find\b.{0,200}-delete\b|truncate\s+-s|drop\s+(?:table|database)\b|robocopy\b.{0,200}/(?:mir|purge)",
        ),
        (
            "changes the registry",
            r"reg(?:\.exe)?\s+(?:add|delete|import|restore)\b|(?:set|new|remove)-itemproperty\b|regedit\b|regini\b",
        ),
        (
            "changes protection",
            r"set-mppreference\b|add-mppreference\b|netsh\s+(?:adv)?firewall\b|(?:set|disable|remove|new)-netfirewall\w+"
            r"|ufw\s+(?:disable|allow|delete)|iptables\b|setenforce\b|(?:disable|suspend)-bitlocker\b|manage-bde\b"
            r"|set-executionpolicy\b|spctl\b|csrutil\b|(?:stop|set)-service\b.{0,80}(?:windefend|mpssvc|wscsvc)",
        ),
        (
            "changes accounts",
            r"net1?\s+(?:user|localgroup|accounts)\b.{0,120}(?:/add|/delete|/active|\S+\s+\S+)|(?:new|set|enable|disable|unlock)"
            r"-(?:ad(?:user|account\w*|group)|localuser|mguser|msoluser|azureaduser)\w*|add-\w*groupmember\b|useradd\b"
            r"|usermod\b|userdel\b|passwd\b|chpasswd\b|dscl\b|visudo\b|set-adaccountpassword\b|reset-mspassword\b",
        ),
        (
            "changes rights",
            r"icacls\b.{0,200}/(?:grant|deny|remove|reset|setowner)|takeown\b|cacls\b|set-acl\b|ch(?:mod|own)\b",
        ),
        ("restarts", r"restart-computer\b|stop-computer\b|shutdown\b.{0,40}[/-][rsf]|reboot\b|poweroff\b|halt\b"),
        (
            "stops or changes services",
            r"(?:stop|restart|set|remove|new)-service\b|sc(?:\.exe)?\s+(?:config|delete|stop|create)\b|net\s+stop\b"
            r"|systemctl\s+(?:stop|restart|disable|mask|enable)\b|taskkill\b|stop-process\b|kill(?:all)?\s",
        ),
        (
            "changes the network",
            r"(?:set|new|remove|disable|enable|rename)-net(?:ip\w*|adapter\w*|route|connectionprofile)|netsh\s+(?:int|interface|ip|winsock|wlan)\b"
            r"|ipconfig\s+/release|(?:set|add|remove)-dns\w+|ip\s+(?:route|addr|link)\s+(?:add|del|set|flush)|nmcli\s+con\w*\s+(?:mod|del|down)",
        ),
        (
            "installs or removes software",
            r"msiexec\b|(?:winget|choco|apt|apt-get|yum|dnf|brew|snap|pip\d?)\s+(?:install|uninstall|remove|upgrade|purge)"
            r"|(?:un)?install-(?:package|module|windowsfeature|appx\w*)\b|remove-appx\w*|add-appx\w*|dism\b.{0,200}/(?:enable|disable|remove|restorehealth)",
        ),
        ("runs as an administrator", r"sudo\b|runas\b|start-process\b.{0,200}-verb\s+runas|su\s+-"),
    )
)
