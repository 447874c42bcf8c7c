"""What level 1 may never do: pairs of doing and thing, and things that are forbidden by themselves."""

import re

from services.builder.guardrails import commands, identity, protected
from services.builder.guardrails.told import TOLD
from services.builder.guardrails.wording import (
    CHANGE,
    DESTROY,
    GO,
    GOES,
    LOG_IN,
    OFF,
    OPEN,
    PUT,
    SET,
    UNDO,
    Rule,
    verbs,
    words,
)

RULES: tuple[Rule, ...] = (
    Rule("registry_edit", None, words(protected.REGISTRY_TOOLS)),
    Rule(
        "registry_edit",
        verbs(f"{CHANGE}, {OPEN}, import, merge, tamper, patch", f"{PUT} | {GO} | {GOES} | mak(?:e|ing)"),
        words(protected.REGISTRY),
    ),
    Rule("system_file_or_boot_edit", None, words(protected.SYSTEM_TOOLS)),
    Rule("elevated_or_admin_script", None, words(commands.TOOLS)),
    Rule("elevated_or_admin_script", None, words(commands.SWITCHED), words(commands.READING)),
    Rule(
        "system_file_or_boot_edit",
        verbs(
            f"{CHANGE}, {OPEN}, flash, patch, swap, own, skip, roll back, apply, install, deploy",
            f"{PUT} | {GO} | mak(?:e|ing)",
        ),
        words(protected.SYSTEM),
    ),
    Rule("data_or_disk_deletion", None, words(protected.DISK_TOOLS)),
    Rule(
        "data_or_disk_deletion",
        verbs(DESTROY, GOES + r" | get(?:ting)? (?:rid|shot) of | initiali[sz](?:e|ed|ing) | thrown (?:away|out)"),
        words(f"{protected.DISKS} | {protected.DATA} | {protected.KEPT_DATA}"),
        words(protected.HARMLESS_DELETION),
    ),
    Rule(
        "data_or_disk_deletion",
        verbs("remove, clear, clean, empty, drop, shrink, extend, recreate, rebuild, re create, repartition"),
        words(protected.KEPT_DATA),
        words("paper | tray | usb | cloth | cd | dvd | dock | copy | list"),
    ),
    Rule(
        "credential_or_mfa_change",
        verbs(
            "change, reset, assign, create, replace, update, issue, force, expire, generate, define, overwrite, "
            "make up",
            rf"{SET} | giv(?:e|en|ing) | gave",
        ),
        words(identity.PASSWORD),
        words(identity.SELF_SERVICE),
    ),
    Rule(
        "credential_or_mfa_change",
        verbs(
            f"{OFF}, reset, change, unlock, enable, create, delete, add, remove, block, unblock, revoke, edit, update",
            rf"{SET} | giv(?:e|en|ing)",
        ),
        words(identity.ADMIN_PLACE),
    ),
    Rule(
        "credential_or_mfa_change",
        verbs("perform, trigger, initiate, force, issue, do, start, execute, carry out, send"),
        words(r"password (?:reset|change)(?! (?:link|page|mail|e ?mail))"),
        words(identity.SELF_SERVICE),
    ),
    Rule(
        "credential_or_mfa_change",
        verbs(
            f"""
            {OFF}, remove, reset, re register, register, reregister, re enrol, enrol, enroll, reenroll, change,
            bypass, skip, delete, revoke, exempt, add, switch, convert, relax, put on hold, kick, pause, waive, lift,
            exclude, suspend, unenroll, move, transfer, uninstall, reinstall, issue, create, replace, get around,
            weaken, clear, wipe, drop, unregister, deregister, swap, strip, unlink, detach, update, edit, configure
            """,
            f"{PUT} | {GOES} | off | without",
        ),
        words(identity.MFA),
        words("prompt(?:s|ed)? | installed"),
    ),
    Rule(
        "credential_or_mfa_change",
        verbs(f"{OFF}, unlock, enable, create, delete, suspend, block, unblock, reactivate"),
        words(identity.ACCOUNT),
        words(identity.SELF_SERVICE),
    ),
    Rule("credential_or_mfa_change", None, words(identity.WEAKENED_SIGN_IN)),
    Rule(
        "credential_or_mfa_change",
        verbs(f"{CHANGE}, loosen, relax, shorten, lengthen, weaken, bypass, blank", SET),
        words(identity.PASSWORD_POLICY),
        words(identity.SELF_SERVICE),
    ),
    Rule(
        "credential_or_mfa_change",
        verbs("approve, accept, confirm, allow"),
        words(
            r"(?:requests?|prompts?|sign ins?|push) (?:\S+ ){0,6}(?:not (?:start|expect|initiate|make|ask for|trigger)"
            r"|unexpected)"
        ),
    ),
    Rule(
        "security_or_av_or_firewall_change",
        verbs("enable, turn on, switch on, switch back on, turn back on, activate, allow, permit, use", "set | put"),
        words(protected.WEAK),
    ),
    Rule(
        "security_or_av_or_firewall_change",
        verbs(UNDO, GOES + r" | off | decrypt\w*"),
        words(protected.SHIELD),
        words("(?<!the )prompt(?:s|ed)? | (?:close|move|minimi[sz]e) the windows security window | allow cookies"),
    ),
    Rule(
        "security_or_av_or_firewall_change",
        verbs(
            """
            add, create, allow, open, change, edit, modify, whitelist, white list, exclude, configure, adjust,
            unblock, exempt, click through, accept, permit, put, place, report, submit
            """,
            rf"{PUT} | let(?:ting)? | mak(?:e|ing) | leav(?:e|ing) (?:\S+ ){{0,4}}alone",
        ),
        words(protected.SHIELD_HOLES),
        words(r"open the file | warn\w*"),
    ),
    Rule("security_or_av_or_firewall_change", None, words(protected.LOWERED_SHIELD)),
    Rule(
        "security_or_av_or_firewall_change",
        verbs(
            f"{OFF}, pause, defer, postpone, delay, hide, block, stop, uninstall, remove, roll back, undo, hold back"
        ),
        words(
            r"(?:windows |automatic |feature |quality |security )*updates | kb\d{6,8}"
            r" | (?:the|last|newest|security|monthly|month's) (?:\w+ )?patch(?:es)?"
        ),
    ),
    Rule(
        "domain_dns_dhcp_change",
        verbs("reserve, point, assign, hard code, hard wire, bind, pin, fix, hand out", f"{SET} | giv(?:e|en|ing)"),
        words(r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}"),
    ),
    Rule("elevated_or_admin_script", None, words(protected.ELEVATED)),
    Rule(
        "elevated_or_admin_script",
        verbs(
            """
            run, execute, launch, start, paste, download, use, open, call, type, enter, double click, push, deploy,
            schedule, distribute, roll out, trigger, kick off, fire off, create, install, save, copy
            """,
            "ran | let | writ(?:e|ing)",
        ),
        words(protected.SCRIPTS),
        words("script error"),
    ),
    Rule(
        "elevated_or_admin_script",
        verbs("add, grant, assign, elevate, promote, raise, put, join", "giv(?:e|en|ing) | mak(?:e|ing)"),
        words(protected.RIGHTS),
    ),
    Rule(
        "domain_dns_dhcp_change",
        verbs(
            f"""
            {OFF}, change, edit, modify, add, delete, remove, create, update, point, replace, configure, join, rejoin,
            re join, leave, unjoin, disjoin, move, switch, assign, rename, transfer, reserve, extend, shorten, reset,
            enable, apply, alter, adjust, migrate, override, correct
            """,
            rf"{SET} | put | giv(?:e|en|ing) | tak(?:e|en|ing)",
        ),
        words(protected.DOMAIN),
        words("flush(?:ed|ing)? | renew(?:ed|ing)?"),
    ),
    Rule(
        "domain_dns_dhcp_change",
        verbs(f"use, enter, type, hard code, connect to, {LOG_IN}"),
        words(rf"{protected.NAME_SERVERS}|\d+\.\d+\.\d+\.\d+ (?:\S+ ){{0,4}}dns|dns (?:\S+ ){{0,4}}\d+\.\d+\.\d+\.\d+"),
        words("nslookup"),
    ),
    Rule(
        "server_or_production_config",
        verbs(
            f"""
            {OFF}, restart, reboot, stop, start, shut down, power cycle, power off, patch, update, upgrade, change,
            edit, modify, configure, reconfigure, deploy, migrate, delete, install, uninstall, fail over, restore,
            roll back, cycle, bounce, kill, create, recycle, increase, extend, repair, push, enable, reset, rebuild,
            drop, truncate, put up, raise, lower, reduce, swap, replace, pull, unplug, remove, add, detach, attach,
            expand, enlarge, grow, shrink,
            grant, alter, schedule, skip, cancel, disconnect, reimage, revert, promote, demote,
            end, drop, kick, log off, sign out, pause, map, spin up, stand up, bring up, take down, turn on, {LOG_IN}
            """,
            f"{PUT} | off",
        ),
        words(protected.SERVER),
        words("vpn server | add (?:the|a|that|this|another) printer"),
    ),
    Rule(
        "server_or_production_config",
        verbs(f"change, edit, modify, configure, reconfigure, update, upgrade, flash, adjust, open, {LOG_IN}", SET),
        words(protected.NETWORK_BOX),
    ),
    Rule(
        "server_or_production_config",
        verbs(
            "grant, add, assign, delegate, remove, revoke, change, extend, map, apply, allow, open, hand, share",
            f"{PUT} | let(?:ting)? | get(?:ting)? | mak(?:e|ing)",
        ),
        words(protected.ACCESS),
        words("camera | microphone | location | browser | site settings"),
    ),
    Rule(
        "domain_dns_dhcp_change",
        verbs("leave, disconnect, unjoin, remove, delete, unenroll, unregister, quit"),
        words(identity.MEMBERSHIP),
        words("meeting | call"),
    ),
    Rule(
        "server_or_production_config",
        verbs("convert, turn into, merge, split, migrate"),
        words(r"(?:the|her|his|their|a|shared) (?:shared )?mail ?box"),
    ),
    Rule(
        "security_or_av_or_firewall_change", verbs(UNDO), words(r"(?:the|its|rmm|monitoring|management|security) agent")
    ),
    Rule(
        "billing_or_license_change",
        verbs("renew, upgrade, downgrade, cancel, extend, change, swap, switch, pay for"),
        words(r"(?:the|their|your|his|her) plan"),
    ),
    Rule("billing_or_license_change", verbs("buy, purchase, subscribe to", "bought"), re.compile(r"\w+")),
    Rule(
        "billing_or_license_change",
        verbs(
            """
            buy, purchase, get, order, assign, reassign, add, remove, cancel, upgrade, downgrade, renew, change, settle,
            revoke, allocate, extend, swap, move, switch, increase, reduce, transfer, update, approve, refund, pay,
            enter, start, take away, terminate, delete, convert, subscribe, activate, sign up, unassign, free up,
            hand, reclaim, top up, add on, put in, redeem, crack, grow, raise, lower, double
            """,
            "bought | tak(?:e|en|ing) | paid | giv(?:e|en|ing)",
        ),
        words(protected.LICENCE),
    ),
    Rule(
        "secrets",
        verbs(
            """
            request, collect, obtain, tell, spell, share, provide, dictate, reveal, disclose, hand over, forward,
            text, email, repeat, confirm
            """,
            r"""
            ask(?:ing)?(?: \w+){0,4} (?:for|what|which) | get(?:ting)? | giv(?:e|ing|en) | send(?:ing)? | sent
            say(?:ing)? | said | told | need | read(?:ing|s)?(?: \w+){0,3}(?: (?:out|aloud|back|to|me|you|us))?
            let (?:me|us) (?:have|know|see) | show(?:s|ing|n)?(?= (?:me|us|his|her|their|your)\b)
            e? ?mail(?:s|ing|ed)? (?:me|us|you|them|him|her|over|back) | e? ?mail(?:s|ing)?(?= (?:\w+ ){1,3}(?:over|to))
            """,
        ),
        words(identity.SECRET),
        words(r"""
            reset link | self ?service | error code | stop code | password prompt | need to (?:type|enter|know)
            change (?:of )?password | arrive[ds]? | (?:does|do|did) not (?:work|know)
        """),
    ),
    Rule(
        "secrets",
        verbs(
            "record, document, jot down, log, store, save, note, paste, take down, memorise, memorize, copy",
            r"writ(?:e|ing|ten) | put(?:ting)?(?: \S+){0,5}? (?:in|into) the (?:ticket|notes?) | (?:keep|mak)(?:e"
            r"|ing)? an? (?:\w+ )?\w+ of",
        ),
        words(identity.SECRET),
        words(f"{identity.KEPT_PASSWORD} | themselves"),
    ),
    Rule("secrets", None, words(identity.SPOKEN_CODE), even_as_question=True),
    Rule(
        "secrets",
        None,
        words(rf"what(?:'s| is| are| was) (?:the |your |their |his |her )?(?:\w+ )?(?:{identity.SECRET})"),
        even_as_question=True,
    ),
    Rule(
        "secrets",
        None,
        re.compile(
            r"^(?:(?:then|now|please|just|you|can|must|should|\d+\.) )*(?:enter|type|use|input|paste)(?: in)?"
            r" (?:(?:the )?(?:caller|user|customer|client|employee)'?s'?|their|his|her) (?:\w+ )?"
            rf"(?:{identity.PASSWORD}|{identity.CODE})"
        ),
    ),
    Rule(
        "secrets",
        None,
        re.compile(
            r"^(?:(?:then|now|please|just|you|can|could|must|should|also|\d+\.) )*(?:try|test|sign|log|connect|unlock"
            r"|authenticate|remote|get|go|use)\b(?: \S+){0,4}? (?:with|using|under) (?:(?:the )?(?:caller|user|customer"
            rf"|client|employee)'?s'?|their|his|her) (?:\w+ ){{0,2}}(?:{identity.PASSWORD}|{identity.CODE})"
        ),
    ),
    *TOLD,
)
