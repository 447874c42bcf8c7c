"""What level 1 leaves alone, as people name it. Each is the inside of a pattern for folded text (`reading.fold`):
lower case, single spaces, no hyphens inside words.
"""

import re


def any_of(listed: str) -> str:
    """One alternative a line, or several with ` | ` between them."""
    return "|".join(part.strip() for part in re.split(r"\s\|\s|\n", listed) if part.strip())


REGISTRY = r"(?:windows |system |machine )?registry(?! of )"
REGISTRY_TOOLS = any_of(r"""
    regedt?(?:it)?(?:32)?(?:\.exe)? | reg (?:add|delete|import|load|unload|copy|restore) | (?:\S*)\.reg(?: files?)?
    (?:reg|registry) (?:editor|cleaner|(?:sub ?)?keys?|hives?|tweaks?|hacks?|values?|entry|entries)
    hk(?:ey)?(?: (?:local|current|users|classes)(?: \w+)?|lm|cu|cr) | [dq] ?word | sub ?keys?
""")
SYSTEM = any_of(r"""
    (?:u?efi|bios)(?: \w+)? | secure boot | safe boot | (?:master )?boot record | mbr | tpm | firmware
    (?:boot ?)?loader
    boot (?:order|sequence|manager|sector|configuration|config|options?|settings?|menu|partition|entry|entries)
    hosts? file | etc hosts | (?:\S*[\\/])?etc[\\/]\S* | (?:\S*\\)?system ?32\S* | softwaredistribution
    driver store | (?:\S+\.)?(?:dll|sys)(?: files?)? | system (?:files?|folder|directory|partition)
    kernel(?: \w+)? | windows (?:folder|directory|files) | c:\\windows\S* | program files
""")
SYSTEM_TOOLS = any_of(r"""
    bcd ?edit | boot ?rec | boot ?sect | fix ?mbr | fix ?boot | ms ?config | sfc(?: /?\w+)? | dism(?:\.exe)?
    take ?own | icacls | chkdsk(?: \w:)? /\w | pagefile\.sys | boot\.ini | system restore | restore point
    startup repair
""")
DISKS = any_of(r"""
    (?:hard |usb |flash |thumb |pen |system |external |\w )?(?:disks?|drives?|ssds?)(?: \w)? | volumes?
    partitions? | raid | (?:usb |memory )(?:stick|key)s? | sticks? | (?:memory|sd|flash) cards? | laptop | desktop
    (?:smart ?)?phone | tablet | ipad | ntfs | fat32 | exfat | apfs | iphone | computer | pc | mac ?book | machine
    device | handset | workstation
""")
DATA = any_of(r"""
    (?:\w+ )?data | (?:\w+ )?files? | ost | pst | folders? | director(?:y|ies) | documents? | photos? | pictures?
    contents? | back ?ups? | snapshots? | mail ?box(?:es)? | inbox(?:es)? | e ?mails? | mails? | messages?
    calendars? | contacts?
    (?:(?:user|windows|outlook|mail|roaming|local|their|her|his|whole) )*(?:profile|account)s? | databases?
    tables? | home directory | one ?drive | share ?point(?: \w+)? | teams? site | library | downloads | everything
    chats?
""")
KEPT_DATA = any_of(r"""
    (?:\w+ )?partitions? | volumes? | disk \d | raid | (?:user|windows|outlook|mail|roaming|local|\w+'s) profiles?
    mail ?box(?:es)? | inbox(?:es)? | (?:recycle|trash) bin | deleted items | junk folder | (?:hard )?drive
    (?:\w+ )?(?:documents|photos|downloads)(?: folder)? | user data | home directory | databases?
    (?:ost|pst)(?: file)?
    all (?:of )?(?:the |their |her |his |your )?(?:\w+ )?(?:files|data|mails?|e ?mails?|messages|documents|folders)
    (?:user|old|whole|entire) (?:folder|data|account)s?
""")
DISK_TOOLS = any_of(r"""
    disk ?part | fdisk | mkfs\S* | rm (?:-\w+|rf) | rmdir /s | rd /s | del /\w | dd if=\S+ | cipher /w\S*
    format \w: | factory (?:re)?(?:set|settings?|defaults?|state|condition) | quick format | low level format
    erase all | reset(?:ting)? (?:this pc|windows|the (?:pc|phone|tablet|laptop|ipad) to) | remove everything
    remote wipe | hard wipe | re ?imag(?:e|ed|ing) | clean(?: re)? ?install(?:ation)?
    fresh install(?:ation)? of windows | windows (?:re ?install|re ?set)
    re ?install(?:ing)? (?:windows|the (?:operating system|os|system|computer|laptop|pc)|from scratch)
""")
HARMLESS_DELETION = any_of(r"""
    cache | cached | cookies? | brows(?:er|ing) (?:data|history) | site data | temp(?:orary)? (?:internet )?files?
    print (?:job|queue) | queue | outbox | form data | drafts? | (?:wi ?fi|wireless|network|vpn) profile | lens
    cloth | tissue | whiteboard | search (?:field|box|bar)
    (?:file|date|paper|page|number|wrong|right|which|what|another|same|pdf|csv|jpe?g|png) format
""")
PASSWORD = (
    r"(?:pass ?(?:word|code|phrase)s?|passwd|pwd|credentials|pins?(?: codes?)?)"
    r"(?! (?:polic|prompt|field|box|window|screen|manager|reset|expir|page|hint|requirement|rule|dialog|link|length"
    r"|pad))"
)
KEPT_PASSWORD = (
    r"(?:saved|stored|cached|remembered|old saved|outdated) (?:\S+ ){0,3}(?:pass ?word|credential|pin)s?"
    r"|credential manager"
)
SELF_SERVICE = any_of(rf"""
    self ?service(?: \w+){{0,3}} | reset (?:link|page|portal) | forg[eo]t(?:ten)? (?:my|your|their)? ?password
    (?:their|his|her|your) own (?:\w+ )?(?:password|pin) | themsel(?:f|ves) | himself | herself | itself
    (?:ctrl|control) ?\+? ?alt ?\+? ?(?:del|delete) | {KEPT_PASSWORD}
""")
MFA = any_of(r"""
    mfa | [2m]fa | (?:two|2|second) factor(?: authentication)? | multi ?factor(?: authentication)?
    (?:two|2) step(?: verification)? | authenticator(?: app)? | security keys? | pass ?keys?
    security info(?:rmation)? | (?:authentication|verification|sign in|login) methods? | fido2?(?: keys?)?
    yubikeys? | temporary access pass | (?:phone |text |sms )?verification(?! code)
""")
WEAKENED_SIGN_IN = any_of(r"""
    passwords? (?:to )?never expires?
    (?:enter|type|choose|make|pick) an? (?:\w+ ){0,2}(?:temporary|complex|random|default|simple) (?:\w+ )?password
    (?:unlock|re ?enable|enable|disable|suspend|delete|block) (?:the|this|that|her|his) user
    temporary access pass(?: \w+)? | (?:mfa|sign in|prompt|request) (?:\w+ )?on (?:\S+ ){1,3}behalf
""")
ACCOUNT = r"(?:(?:user|ad|domain|disabled|locked|new|their|his|her|windows|admin|service|guest) )*(?:account|login)s?"
ADMIN_PLACE = any_of(r"""
    active directory | entra(?: id)? | azure(?: ad)? | aduc | (?:in|on) ad | exchange admin \w+ | okta | intune
    admin(?:istration)? (?:cent(?:er|re)|console|portal|panel)
    (?:user|caller|customer|client|employee)'?s'? (?:\w+ )?(?:password|credentials|pin)
    (?:password|pin) (?:for|of) (?:the )?(?:caller|user|customer|account|mailbox|him|her|them)
""")
SHIELD = any_of(r"""
    fire ?walls? | anti ?virus(?: \w+)? | anti ?malware | av (?:software|scanner|program)
    virus (?:protection|scanner|guard) | (?:real ?time|cloud|tamper|threat|web|network|ransomware) protection
    (?:microsoft |windows )?defender | windows security
    security (?:software|program|suite|agent|client|service|polic(?:y|ies)|settings?|features?)
    security (?:checks?|tools?|level|zone) | endpoint (?:protection|security|agent|detection) | edr | smart ?screen
    uac | user account control | sophos | crowd ?strike | falcon sensor | sentinel ?one | bitdefender | norton
    mcafee | malwarebytes | eset | kaspersky | webroot | trend micro | carbon black | bit ?locker | file ?vault
    gatekeeper | (?:device|drive|disk|full disk) encryption | (?:web|content|spam|mail|url|phishing) filter(?:ing)?
    dlp | app ?locker | conditional access | security defaults | macro security | protected view
    exploit protection | certificate (?:warning|check|validation|error|verification)s? | controlled folder access
    quarantine | root certificates?
""")
SHIELD_HOLES = any_of(rf"""
    (?:rule|port|exception|exclusion|hole|app|program|entry|entries|setting)s? (?:\S+ ){{0,4}}?(?:{SHIELD})
    (?:through|past|from|in|by|to) (?:the |your |their |windows )*(?:{SHIELD})
    (?:{SHIELD}) (?:rule|setting|exception|exclusion|polic(?:y|ies))s?
    (?:an? )?(?:temporary )?(?:exclusion|exception)s? | (?:allow|white) ?list(?:ed)?
""")
LOWERED_SHIELD = any_of(rf"""
    without (?:the |your |their |any )?(?:{SHIELD}) (?:running|on|active|enabled) | never notify
    (?:enabl(?:e|es|ing)|allow(?:ing)?|activat(?:e|ing)) (?:all )?(?:macros|content|active ?x)
    (?:despite|past|regardless of|ignoring) (?:the |any )?(?:certificate|security) (?:warning|error|message)
    decrypt(?:ing)? the (?:drive|disk|laptop|computer|volume)
""")
ELEVATED = any_of(r"""
    (?:terminal|prompt|cmd|shell) \(admin(?:istrator)?\)
    as (?:an? |the )?(?:local |domain |global )?admin(?:istrator)? | as root | sudo(?: \w+)? | su - | run ?as
    super ?user
    elevated (?:\w+ )?(?:prompt|command|power ?shell|shell|session|rights|terminal|cmd|console|privileges|window|mode)
    elevate (?:the|it|in|to|your|their|this) | power ?shell | cmdlet \w+ \w+ | psexec | iex | net user
    net local ?group
    admin(?:istrator|istrative)? (?:power ?shell|command|cmd|terminal|console|shell|rights|mode|privileges?)
    admin(?:istrator|istrative)? (?:prompt|session|credentials|password|login|account)
    (?:local|domain|global|built in) admin(?:istrator)?s?(?: \w+)? | root (?:shell|account|rights|access)
    domain credentials | set execution ?policy | execution ?policy \w+ | invoke (?:expression|webrequest|command)
""")
SCRIPTS = any_of(r"""
    (?:\S+ )?scripts?(?! (?:error|blocker)) | \S+\.(?:ps1|bat|vbs|cmd|sh|py) | (?:batch|command) files? | macros?
""")
RIGHTS = any_of(r"""
    (?:administrators?|admins?|sudoers|privileged|security) group
    (?:admin(?:istrator)?|owner|full) (?:rights?|role|access|permissions?|privileges?|control)
""")
DOMAIN = any_of(r"""
    (?:(?:windows|company|ad) )?domain(?! (?:name )?(?:in|of|after|before|part)) | dns(?: \w+)? | name ?servers?
    dhcp(?: \w+)? | (?:active directory|ad)(?: (?:object|group|schema|site))? | group polic(?:y|ies) | gpos? | ous?
    organi[sz]ational unit | (?:static|fixed|manual) (?:ip|address)(?: address)? | subnet mask | default gateway
    (?:a|aaaa|mx|txt|spf|dkim|dmarc|srv) records? | cname | vlans?(?: \d+)? | computer (?:object|account|name)
    work ?group | hostname
""")
NAME_SERVERS = (
    r"dns (?:servers?|address(?:es)?)|(?:static|fixed) (?:ip|address)(?: address)?|domain controller|public dns"
)
SERVER = any_of(r"""
    (?:(?:file|mail|print|web|exchange|sql|database|application|app|terminal|ftp|production|remote|\w+'s) )?servers?
    domain controllers? | hypervisor | esxi(?: host)? | hyper v | v ?center | virtual machines? | vms? | nas | iis
    load balancer | cluster | exchange(?: online)? | (?:sql|transport|dns|dhcp|iis|exchange) (?:server )?service
    production(?: \w+)? | live (?:system|environment) | databases? | mail ?flow rules? | transport rules?
    connectors? | (?:core|network|managed|poe) switch | switch ?port | switch's \w+ \w+
""")
NETWORK_BOX = any_of(r"""
    routers?(?!'s? (?:light|plug|cable)) | (?:router|switch)'s (?:\w+ )?(?:page|interface) | access points?
    wireless controller | (?:network|managed|core|poe) switch | switch ?port
""")
LICENCE = any_of(r"""
    (?:(?:microsoft|office|m365|365|e[135]|f[13]|business|premium|standard|software|another|paid) )*licen[cs](?:es?|ing)
    (?:\w+ )?subscriptions?
    (?:paid |user )?seats?(?= (?:to|on|in|from|for) (?:the )?(?:\w+ )?(?:plan|subscription|tenant)) | billing
    invoices? | payment (?:method|details|card|information) | credit card | product key | contract | trial
    (?:office|365|pricing|subscription) plan
""")
_CODE_KIND = any_of(r"""
    verification | security | authenticat(?:or|ion) | mfa | 2fa | otp | sms | text | texted | one time | log ?in
    sign in | access | confirmation | recovery | back ?up | (?:six|6|eight|8) digit | pin | passcode
""")
_HER = "the |their |your |his |her "
CODE = any_of(rf"""
    (?:{_CODE_KIND}) (?:codes?|numbers?)
    codes? (?:\w+ ){{0,4}}?(?:from|in|on|by|via|to) (?:{_HER})?(?:\w+ )?(?:phone|app|authenticator|text|sms|e ?mail)
    codes? (?:that was |you (?:just )?|they (?:just )?|he |she )?(?:got|texted|received|sent)(?: \w+){{0,4}}
    (?:four|six|eight|4|6|8) (?:numbers|digits)(?! of the (?:recovery )?key id)
    (?:number|digits|code)s? (?:in|from) (?:the|their|your|his|her) (?:text|sms|app|authenticator) | otps?
    one time pass ?(?:word|code)s? | (?:48|forty eight) digits?
""")
SPOKEN_CODE = any_of(r"""
    (?<!error )(?<!stop )(?<!status )(?<!product )codes? (?:\w+ ){0,4}?(?:out|aloud|to (?:me|you|us))
    (?:read|tell|give|send|text) (?:me|us|you) (?:the|that|your) codes?(?! (?:on|in|from) the (?:message|screen|window))
    (?:what|which) (?:password|pin) (?:are|do|did) (?:you|they) us(?:e|ing)
""")
KEY = any_of(r"""
    (?:(?:bit ?locker )?recovery (?:key|password)|bit ?locker (?:key|password))s?(?! id)
    (?:secret|private|api|encryption) keys? | access tokens?
""")
IDENTITY = any_of(r"""
    login (?:details|data) | sign in details | log ?in credentials | (?:secret|security) (?:question|answer)s?
    answers? to (?:their|the|your) (?:secret|security) questions? | social security(?: number)?
    (?:credit |debit )?card (?:number|details) | cvv | cvc
""")
SECRET = any_of(f"{PASSWORD} | {CODE} | {KEY} | {IDENTITY}")
