"""What level 1 may never do: pairs of doing and thing, and things that are forbidden by themselves."""

import re
from dataclasses import dataclass

from services.builder.guardrails import protected
from services.builder.guardrails.protected import any_of


@dataclass(frozen=True, slots=True)
class Rule:
    category: str
    verbs: re.Pattern[str] | None
    """None: the thing alone is enough, or whatever is told to do to it."""
    objects: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    """Found anywhere in the sentence, the rule is silent."""
    only: re.Pattern[str] | None = None
    """The sole instructions that may name the thing, by their first word; all others are forbidden."""
    even_as_question: bool = False
    """The question itself is what must not be: what is your password?"""


def _words(listed: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(listed)})(?:e?s)?(?!\w)")


def _verbs(listed: str, irregular: str = "") -> re.Pattern[str]:
    """Verbs with commas between them, in all their forms; `irregular` are patterns as they stand."""
    regular = [_forms(" ".join(verb.split())) for verb in listed.split(",")]
    return re.compile(rf"(?<!\w)(?:{'|'.join([*filter(None, [any_of(irregular)]), *regular])})(?!\w)")


def _forms(verb: str) -> str:
    """The inflections of a regular verb; of a phrasal one also with words in between: turn (the firewall) off."""
    first, *rest = verb.split()
    if first.endswith("e"):
        forms = f"{first[:-1]}(?:e|es|ed|ing)"
    elif first.endswith("y") and first[-2] not in "aeou":
        forms = f"{first[:-1]}(?:y|ies|ied|ying)"
    else:
        forms = f"{first}(?:{first[-1]}?(?:ed|ing)|e?s)?"
    return forms + "".join(rf"(?: \S+){{0,6}}? {particle}" for particle in rest)


_OFF = "disable, deactivate, turn off, switch off, shut off"
_CHANGE = f"""
    {_OFF}, change, edit, modify, alter, amend, adjust, update, configure, reconfigure, replace, create, add, remove,
    delete, rename, fix, repair, tweak, touch, correct, define, insert, clear, clean, register, enable, turn on,
    switch on, activate, upgrade, downgrade, restore, rebuild, move, point, raise, lower, increase, reduce, extend,
    overwrite, load
"""
_SET = r"(?:re ?)?set(?:ting|s)?(?: up)?"
_PUT = rf"{_SET} | put | rewrit(?:e|ing|ten) | tak(?:e|en|ing) | giv(?:e|en|ing)"
_OPEN = "open, launch, start, enter, use, access, type, run, call up, navigate, browse"
_GO = r"go(?:ing|es)? (?:in)?to | (?:re)?start(?:ing)? (?:in)?to | boot(?:ing)? (?:in)?to | get(?:ting)? into"
_DESTROY = """
    delete, erase, purge, destroy, shred, nuke, trash, overwrite, discard, zap, wipe, reformat, format, repartition,
    throw away, throw out
"""
_UNDO = f"""
    {_OFF}, pause, stop, suspend, kill, uninstall, remove, bypass, circumvent, unload, weaken, lower, relax, loosen,
    snooze, exit, quit, end, shut down, turn down, ignore, override, delete, work around, release, get around,
    defeat, uncheck, untick, clear, opt out, proceed past, click past, click through, dismiss, allow
"""
_LOG_IN = (
    "log in to, log on to, login to, log into, logon to, sign in to, ssh into, ssh to, rdp to, rdp into, remote into"
)

_LOOK = r"""
    check | see | look | read | find | ask | tell | say | explain | leave | keep | wait | let | watch | compare
    mention | make sure | ensure | report | describe | escalate | pass | hand | note | remember | go on | verify
    confirm | try | count | know | write | give the engineer | call | say | inform | refuse | quote | listen | stay
    search | expect | cancel | restart | close the (?:\w+ ){0,3}(?:window|message|box|tab|page) | take down what
"""
RULES: tuple[Rule, ...] = (
    Rule("registry_edit", None, _words(protected.REGISTRY_TOOLS)),
    Rule(
        "registry_edit",
        _verbs(f"{_CHANGE}, {_OPEN}, import, merge, tamper, patch", f"{_PUT} | {_GO} | mak(?:e|ing)"),
        _words(protected.REGISTRY),
    ),
    Rule("system_file_or_boot_edit", None, _words(protected.SYSTEM_TOOLS)),
    Rule(
        "system_file_or_boot_edit",
        _verbs(
            f"{_CHANGE}, {_OPEN}, flash, patch, swap, own, skip, roll back, apply, install, deploy", f"{_PUT} | {_GO}"
        ),
        _words(protected.SYSTEM),
    ),
    Rule("data_or_disk_deletion", None, _words(protected.DISK_TOOLS)),
    Rule(
        "data_or_disk_deletion",
        _verbs(_DESTROY, r"get(?:ting)? rid of | initiali[sz](?:e|ed|ing) | thrown (?:away|out)"),
        _words(f"{protected.DISKS} | {protected.DATA}"),
        _words(protected.HARMLESS_DELETION),
    ),
    Rule(
        "data_or_disk_deletion",
        _verbs("remove, clear, clean, empty, drop, shrink, extend, recreate, rebuild, re create, repartition"),
        _words(protected.KEPT_DATA),
        _words("paper | tray | usb | cloth | cd | dvd | dock | copy"),
    ),
    Rule(
        "credential_or_mfa_change",
        _verbs(
            "change, reset, assign, create, replace, update, issue, force, expire, generate, define, overwrite, "
            "make up",
            rf"{_SET} | giv(?:e|en|ing) | gave",
        ),
        _words(protected.PASSWORD),
        _words(protected.SELF_SERVICE),
    ),
    Rule(
        "credential_or_mfa_change",
        _verbs(
            f"{_OFF}, reset, change, unlock, enable, create, delete, add, remove, block, unblock, revoke, edit, update",
            rf"{_SET} | giv(?:e|en|ing)",
        ),
        _words(protected.ADMIN_PLACE),
    ),
    Rule(
        "credential_or_mfa_change",
        _verbs("perform, trigger, initiate, force, issue, do, start, execute, carry out, send"),
        _words(r"password (?:reset|change)(?! (?:link|page|mail|e ?mail))"),
        _words(protected.SELF_SERVICE),
    ),
    Rule(
        "credential_or_mfa_change",
        _verbs(
            f"""
            {_OFF}, remove, reset, re register, register, reregister, re enrol, enrol, enroll, reenroll, change,
            bypass, skip, delete, revoke, exempt, add, exclude, suspend, unenroll, move, transfer, uninstall,
            reinstall, issue, create, replace, get around, weaken, clear, wipe, drop, unregister
            """,
            rf"{_SET} | off | without | tak(?:e|en|ing)",
        ),
        _words(protected.MFA),
        _words("prompt(?:s|ed)? | installed"),
    ),
    Rule(
        "credential_or_mfa_change",
        _verbs(f"{_OFF}, unlock, enable, create, delete, suspend, block, unblock, reactivate"),
        _words(protected.ACCOUNT),
        _words(protected.SELF_SERVICE),
    ),
    Rule("credential_or_mfa_change", None, _words(protected.WEAKENED_SIGN_IN)),
    Rule(
        "security_or_av_or_firewall_change",
        _verbs(_UNDO, r"off | decrypt\w*"),
        _words(protected.SHIELD),
        _words("(?<!the )prompt(?:s|ed)? | (?:close|move|minimi[sz]e) the windows security window | allow cookies"),
    ),
    Rule(
        "security_or_av_or_firewall_change",
        _verbs(
            """
            add, create, allow, open, change, edit, modify, whitelist, white list, exclude, configure, adjust,
            unblock, exempt, click through, accept, permit, put, place, report, submit
            """,
            r"let(?:ting)? | mak(?:e|ing) | set(?:ting)?",
        ),
        _words(protected.SHIELD_HOLES),
        _words(r"open the file | warn\w*"),
    ),
    Rule("security_or_av_or_firewall_change", None, _words(protected.LOWERED_SHIELD)),
    Rule("elevated_or_admin_script", None, _words(protected.ELEVATED)),
    Rule(
        "elevated_or_admin_script",
        _verbs("run, execute, launch, start, paste, download, use, open, call, type, enter, double click", "ran | let"),
        _words(protected.SCRIPTS),
        _words("script error"),
    ),
    Rule(
        "elevated_or_admin_script",
        _verbs("add, grant, assign, elevate, promote, raise, put", "giv(?:e|en|ing) | mak(?:e|ing)"),
        _words(protected.RIGHTS),
    ),
    Rule(
        "domain_dns_dhcp_change",
        _verbs(
            f"""
            {_OFF}, change, edit, modify, add, delete, remove, create, update, point, replace, configure, join,
            rejoin, re join, leave, unjoin, disjoin, move, switch, assign, rename, transfer, reserve, extend,
            shorten, reset, enable, apply, alter, adjust, migrate, override, correct
            """,
            rf"{_SET} | put | giv(?:e|en|ing) | tak(?:e|en|ing)",
        ),
        _words(protected.DOMAIN),
        _words("flush(?:ed|ing)? | renew(?:ed|ing)?"),
    ),
    Rule(
        "domain_dns_dhcp_change",
        _verbs(f"use, enter, type, hard code, connect to, {_LOG_IN}"),
        _words(protected.NAME_SERVERS),
        _words("nslookup"),
    ),
    Rule(
        "server_or_production_config",
        _verbs(
            f"""
            {_OFF}, restart, reboot, stop, start, shut down, power cycle, power off, patch, update, upgrade, change,
            edit, modify, configure, reconfigure, deploy, migrate, delete, install, uninstall, fail over, restore,
            roll back, cycle, bounce, kill, create, recycle, increase, extend, repair, push, enable, reset, rebuild,
            drop, truncate, {_LOG_IN}
            """,
            _SET,
        ),
        _words(protected.SERVER),
        _words("vpn server"),
    ),
    Rule(
        "server_or_production_config",
        _verbs(f"change, edit, modify, configure, reconfigure, update, upgrade, flash, adjust, open, {_LOG_IN}", _SET),
        _words(protected.NETWORK_BOX),
    ),
    Rule(
        "billing_or_license_change",
        _verbs(
            """
            buy, purchase, order, assign, reassign, add, remove, cancel, upgrade, downgrade, renew, change, revoke,
            allocate, extend, swap, move, switch, increase, reduce, transfer, update, approve, refund, pay, enter,
            start, take away, terminate, delete, convert, subscribe, activate, sign up
            """,
            "bought | tak(?:e|en|ing) | paid | giv(?:e|en|ing)",
        ),
        _words(protected.LICENCE),
    ),
    Rule(
        "secrets",
        _verbs(
            """
            request, collect, obtain, tell, spell, share, provide, dictate, reveal, disclose, hand over, forward,
            text, email, repeat, confirm
            """,
            r"""
            ask(?:ing)?(?: \w+){0,4} (?:for|what|which) | get(?:ting)? | giv(?:e|ing|en) | send(?:ing)? | sent
            say(?:ing)? | said | told | need | read(?:ing|s)?(?: \w+){0,3}(?: (?:out|aloud|back|to|me|you|us))?
            let (?:me|us) (?:have|know|see)
            """,
        ),
        _words(protected.SECRET),
        _words(r"""
            reset link | self ?service | error code | stop code | password prompt | need to (?:type|enter|know)
            change (?:of )?password | arrive[ds]? | (?:does|do|did) not (?:work|know)
        """),
    ),
    Rule(
        "secrets",
        _verbs(
            "record, document, jot down, log, store, save, note, paste, take down, memorise, memorize, copy",
            r"writ(?:e|ing|ten) | put(?:ting)?(?: \S+){0,5}? (?:in|into) the (?:ticket|notes?) | (?:keep|mak)(?:e"
            r"|ing)? an? (?:\w+ )?\w+ of",
        ),
        _words(protected.SECRET),
        _words(protected.KEPT_PASSWORD),
    ),
    Rule("secrets", None, _words(protected.SPOKEN_CODE), even_as_question=True),
    Rule(
        "secrets",
        None,
        _words(rf"what(?:'s| is| are| was) (?:the |your |their |his |her )?(?:\w+ )?(?:{protected.SECRET})"),
        even_as_question=True,
    ),
    Rule(
        "secrets",
        None,
        re.compile(
            r"^(?:(?:then|now|please|just|you|can|must|should|\d+\.) )*(?:enter|type|use|input|paste)(?: in)?"
            r" (?:(?:the )?(?:caller|user|customer|client|employee)'?s'?|their|his|her) (?:\w+ )?"
            rf"(?:{protected.PASSWORD}|{protected.CODE})"
        ),
    ),
    # Whatever is told to do to these, unless it is only to look
    Rule("registry_edit", None, _words(protected.REGISTRY), only=_words(_LOOK)),
    Rule(
        "system_file_or_boot_edit",
        None,
        _words(protected.SYSTEM),
        _words("finish(?:es|ed)? | to the end"),
        _words(_LOOK),
    ),
    Rule(
        "security_or_av_or_firewall_change",
        None,
        _words(f"{protected.SHIELD} | trusted sites"),
        only=_words(f"{_LOOK} | open | scan | run | start | update | turn | switch"),
    ),
    Rule(
        "credential_or_mfa_change",
        None,
        _words(protected.MFA),
        only=_words(f"{_LOOK} | open | start | approve | use | plug"),
    ),
    Rule(
        "domain_dns_dhcp_change",
        None,
        _words(protected.DOMAIN),
        only=_words(f"{_LOOK} | run | type | flush | renew | ping"),
    ),
    Rule(
        "billing_or_license_change", None, _words(protected.LICENCE), _words("cache"), _words(f"{_LOOK} | open | sign")
    ),
    Rule("secrets", None, _words(f"{protected.KEY} | {protected.IDENTITY}"), only=_words(_LOOK)),
)
