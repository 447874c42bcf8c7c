"""What level 1 is told to do nothing with at all but look: every instruction that names it is forbidden, but a few."""

from services.builder.guardrails import identity, protected
from services.builder.guardrails.wording import LOOK, Rule, words

TOLD: tuple[Rule, ...] = (
    Rule("registry_edit", None, words(protected.REGISTRY), only=words(LOOK)),
    Rule(
        "system_file_or_boot_edit",
        None,
        words(protected.SYSTEM),
        words("finish(?:es|ed)? | to the end"),
        words(LOOK),
    ),
    Rule(
        "security_or_av_or_firewall_change",
        None,
        words(f"{protected.SHIELD} | trusted sites"),
        only=words(f"{LOOK} | open | scan | run | start | update | turn | switch"),
    ),
    Rule(
        "credential_or_mfa_change",
        None,
        words(identity.MFA),
        only=words(f"{LOOK} | open | start | approve | use | plug"),
    ),
    Rule(
        "domain_dns_dhcp_change",
        None,
        words(protected.DOMAIN),
        only=words(f"{LOOK} | run | type | flush | renew | ping"),
    ),
    Rule("billing_or_license_change", None, words(protected.LICENCE), words("cache"), words(f"{LOOK} | open | sign")),
    Rule(
        "server_or_production_config",
        None,
        words(protected.SERVER),
        words("vpn server | add (?:the|a|that|this|another) printer"),
        words(
            f"{LOOK} | ping | open | choose | select | enter | type | plug | connect | use | print | send | pick"
            " | click"
        ),
    ),
    *(
        Rule(category, None, words(topics), only=words(f"{LOOK} | {protected.TOUCHED_FREELY}"))
        for category, topics in protected.TOPICS.items()
    ),
    Rule("secrets", None, words(f"{identity.KEY} | {identity.IDENTITY}"), only=words(LOOK)),
)
