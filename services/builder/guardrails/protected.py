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
    (?:registry|reg) (?:patch|file|branch|permissions?|settings?) | winlogon | runonce | profilelist
    current ?control ?set | (?:run|startup) key | (?:load|unload) (?:the )?hive | hives?
    (?:under|in|beneath) (?:current user|local machine)\b | (?:export|import) (?:the|that|this) (?:whole )?key
    ownership of (?:the|that|this) (?:key|file|folder|drive)
    (?:a|this|the|one) (?:\w+ )?(?:change|edit|tweak|adjustment|fix) (?:to|in) the registry
    value of \w+ (?:from|to|under|beneath|below) | key \w+ (?:under|beneath|below)
    current user (?:branch|tree|part) | (?:policy|string|binary) values?
    hk(?:ey)?(?: (?:local|current|users|classes)(?: \w+)?|lm|cu|cr) | [dq] ?word | sub ?keys?
""")
SYSTEM = any_of(r"""
    (?:u?efi|bios)(?: \w+)? | secure boot | safe boot | (?:master )?boot record | mbr | tpm | firmware
    (?:boot ?)?loader | cmos | (?:sata|ahci|raid|legacy|csm) mode | ahci | boot device
    (?:motherboard|cmos) battery | win ?sxs | pending\.xml | cat ?root2? | ntos ?krnl
    driver sign(?:ing|atures?)(?: enforcement)? | bcd(?: store)? | (?:advanced )?startup options
    recovery (?:prompt|console|command|environment|shell) | sam (?:hive|file|database) | reg ?back
    (?:install(?:ation)?|setup|boot(?:able)?|windows|live) (?:medium|media|usb|stick|dvd|disc|iso)
    repair your computer | optimi[sz]ed defaults | (?:enter|into|open) (?:the )?setup (?:with|by|at|during)
    system configuration | \S+\.(?:ini|inf|cfg|conf|plist) | (?:virtualization|hyper ?threading|vt x|vt d)
    over ?clock(?:ing)? | page ?file | system32
    boot (?:order|sequence|manager|sector|configuration|config|options?|settings?|menu|partition|entry|entries)
    hosts? file | etc hosts | (?:\S*[\\/])?etc[\\/]\S* | (?:\S*\\)?system ?32\S* | softwaredistribution
    driver store | (?:\S+\.)?(?:dll|sys)(?: files?)? | system (?:files?|folder|directory|partition)
    (?:in|into|to|of) (?:the )?hosts(?! of) | boot mode | drivers? (?:folder|directory)
    kernel(?: \w+)? | windows (?:folder|directory|files) | c:\\windows\S* | program files
""")
SYSTEM_TOOLS = any_of(r"""
    bcd ?edit | boot ?rec | boot ?sect | fix ?mbr | fix ?boot | ms ?config | sfc(?: /?\w+)? | dism(?:\.exe)?
    take ?own | icacls | chkdsk(?: \w:)? /\w | pagefile\.sys | boot\.ini | system restore | restore point
    boot(?:ing)? from (?:the|a|an|your) \S+ | startup repair | boot(?:ing)? (?:\S+ ){0,3}safe mode
    safe mode (?:with|by|through|via) f8 | services\.msc | set(?:ting)? (?:\S+ ){1,4}to disabled | rebuild bcd
    enforcement off
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
    chats? | (?:deleted |sent |old )?items | restore points? | shadow copies
""")
KEPT_DATA = any_of(r"""
    (?:\w+ )?partitions? | volumes? | disk \d | raid | (?:user|windows|outlook|mail|roaming|local|\w+'s) profiles?
    mail ?box(?:es)? | inbox(?:es)? | (?:recycle|trash) bin | deleted items | junk folder(?!'s) | (?:hard )?drive
    (?:\w+ )?(?:documents|photos|downloads)(?: folder)? | user data | home directory | databases?
    (?:ost|pst)(?: file)? | (?:temp|temporary|real|old|corrupt(?:ed)?|broken|damaged|bad) profiles?
    all (?:of )?(?:the |their |her |his |your )?(?:\w+ )?(?:files|data|mails?|e ?mails?|messages|documents|folders)
    (?:user|old|whole|entire) (?:folder|data|account)s?
""")
DISK_TOOLS = any_of(r"""
    disk ?part | fdisk | mkfs\S* | rm (?:-\w+|rf) | rmdir /s | rd /s | del /\w | dd if=\S+ | cipher /w\S*
    format \w: | factory (?:re)?(?:set|settings?|defaults?|state|condition) | quick format | low level format
    erase all | reset(?:ting)? (?:this pc|windows|the (?:pc|phone|tablet|laptop|ipad) to) | remove everything
    remote wipe | hard wipe | re ?imag(?:e|ed|ing) | clean(?: re)? ?install(?:ation)?
    fresh (?:windows )?install(?:ation)?(?: of windows)?
    reset of (?:the|that|their|her|his) (?:laptop|pc|computer|phone|tablet|machine) | (?:left|came from) the factory
    (?:profile|folder|files?|data|mails?|account|pst|ost|mail ?box)(?: \S+){0,4} (?:can|may|must|should|has to) go\b
    up as new
    (?:go for|opt for|do|run|try|perform|make) an? (?:\w+ )?(?:format|wipe|re ?install|re ?set of windows)
    start(?:ing)? (?:afresh|over|anew|again|new) with (?:windows|an? (?:empty|clean|new)) | keep(?:ing)? nothing
    as a new (?:phone|ipad|device) | (?:itself |it |windows )(?:\w+ )?(?:up )?(?:again )?from scratch
    erase (?:this|the|that|your|their) (?:mac|pc|phone|ipad|iphone|tablet|device|computer|laptop)
    (?:a|with) clean (?:copy of )?windows | bin (?:the|that|those|their|his|her|all|any)
    windows (?:re ?install|re ?set) | shadow ?copies | secure eras\w+ | dban | (?:blow|blew|blowing) away
    start(?:ing)? over from nothing | convert(?:ing)? (?:the |that )?(?:disk|drive|volume|partition) | factory fresh
    re ?install(?:ing)? (?:windows|the (?:operating system|os|system|computer|laptop|pc)|from scratch)
""")
HARMLESS_DELETION = any_of(r"""
    cache | cached | cookies? | brows(?:er|ing) (?:data|history) | site data | temp(?:orary)? (?:internet )?files?
    print (?:job|queue) | queue | outbox | form data | drafts? | (?:wi ?fi|wireless|network|vpn) profile | lens
    (?:calendar|duplicate|double) (?:entry|entries|events?|contacts?|rows?) | appointments? | reminders? | bookmarks?
    (?:recent|recently used)(?: \w+)? list | autocomplete | meeting requests? | shortcuts? | favou?rites
    cloth | tissue | whiteboard | search (?:field|box|bar)
    (?:file|date|paper|page|number|wrong|right|which|what|another|same|pdf|csv|jpe?g|png) format
""")
SHIELD = any_of(r"""
    fire ?walls? | the av(?! (?:equipment|room|system|cable|kit)) | anti ?virus(?: \w+)? | anti ?malware
    av (?:software|scanner|program) | virus (?:protection|scanner|guard)
    (?:real ?time|cloud|tamper|threat|web|network|ransomware) protection | (?:microsoft |windows )?defender
    windows security | security (?:software|program|suite|agent|client|service|polic(?:y|ies)|settings?|features?)
    security (?:checks?|tools?|level|zone) | endpoint (?:protection|security|agent|detection) | edr | smart ?screen
    uac | user account control | sophos | crowd ?strike | falcon sensor | sentinel ?one | bitdefender | norton
    mcafee | malwarebytes | eset | kaspersky | webroot | trend micro | carbon black | bit ?locker | file ?vault
    gatekeeper | (?:device|drive|disk|full disk) encryption | (?:web|content|spam|mail|url|phishing) filter(?:ing)?
    dlp | app ?locker | conditional access | security defaults | macro security | protected view
    exploit protection | certificate (?:warning|check|validation|error|verification)s? | controlled folder access
    quarantined?(?: (?:file|item|mail|message|attachment)s?)?
    (?:trusted )?root(?: store| certificat\w+| authorit\w+) | trusted (?:root|publishers?)
    (?:safe|anti) ?(?:links?|attachments?|phish\w*|spam\w*) | spam filter\w*
    (?:inbound|outbound|incoming|outgoing|firewall) rules? | lock ?down mode | kill switch | jail ?break\w*
    (?:intune|device|endpoint) (?:compliance|management|enrol\w+) | mdm(?: profile)? | audit(?:ing| logs?)
    (?:browser|site|phishing|malware|unsafe|security) warnings? | screen lock polic\w+
""")
SHIELD_HOLES = any_of(rf"""
    (?:rule|port|exception|exclusion|hole|app|program|entry|entries|setting)s? (?:\S+ ){{0,4}}?(?:{SHIELD})
    ports? \d{{2,5}}(?: (?:and|to) \d{{2,5}})? | port forwarding
    (?:inbound|incoming|outbound) (?:traffic|connections?|access)
    (?:through|past|from|in|by|to) (?:the |your |their |windows )*(?:{SHIELD})
    (?:{SHIELD}) (?:rule|setting|exception|exclusion|polic(?:y|ies))s?
    (?:an? )?(?:temporary )?(?:exclusion|exception)s? | (?:allow|white) ?list(?:ed)?
""")
WEAK = any_of(r"""
    smb ?(?:v ?)?1(?:\.0)? | tls ?1\.[01] | ssl ?(?:v ?)?[23] | ntlm(?: ?v1)? | telnet
    (?:legacy|basic) auth(?:entication)?
    (?:unencrypted|insecure|plain text|clear text|anonymous) (?:\w+ )?(?:login|connection|access|traffic|http|ftp)s?
    (?:insecure|mixed|unsafe) content | (?:guest|null) (?:access|sessions?|logons?) | auto(?:matic)? ?log ?[oi]n
    remote registry | unsigned (?:drivers?|scripts?) | developer mode | side ?loading | unknown sources
    less secure apps? | pop ?3 access | autorun
""")
LOWERED_SHIELD = any_of(rf"""
    (?:group|policy|profile|ou|segment|vlan) without (?:the |any )?(?:{SHIELD}) | \(unsafe\)
    accept(?:ing)? the risk | (?:do not|don't) scan (?:this|that|the)
    (?:tell|make|get|have|let)(?:ing)? (?:the |their )?(?:{SHIELD}) (?:to )?(?:ignore|let|allow|skip|pass|trust|accept)
    (?:exclude|except|exempt|leave out) (?:\S+ ){{0,3}}from (?:the )?(?:scan\w*|protection|filter\w*)
    ignor(?:e|ing) (?:the |that |any )?(?:\w+ )?warning(?: page)? | (?:al)?though (?:{SHIELD}) \w+ | jail ?break\w*
    (?:root|rooting) the phone | proceed to (?:the )?(?:site|page)
    (?:trust|accept|install|import)(?:ing)? (?:the|this|that|an?|their) (?:\S+ ){{0,2}}certificate
    without (?:the |your |their |any )?(?:{SHIELD}) (?:running|on|active|enabled) | never notify
    (?:enabl(?:e|es|ing)|allow(?:ing)?|activat(?:e|ing)) (?:all )?(?:macros|content|active ?x)
    (?:white|allow) ?list(?:ing)? (?:the|this|that|an?|their|his|her|it|\S+'s|sender|domain|site)\b
    (?:carry|carrying|go|going|keep|keeping|press|push) (?:on|ahead|going) (?:past|despite|through|regardless)
    (?:proceed|continue)(?:ing)? (?:past|despite|regardless|anyway) | (?:run|open|install|visit|keep) (?:it )?anyway
    (?:unblock|trust)(?:ing)? (?:the|this|that|their) (?:sender|domain|site|attachment|file|ip|address|publisher|macro)
    (?:restore|release|trust|recover)(?:s|ing)? (?:the |that |it |them )?(?:\w+ )?(?:from quarantine|quarantined)
    (?:despite|past|regardless of|ignoring) (?:the |any )?(?:certificate|security) (?:warning|error|message)
    with(?:out)? (?:the |their |your |windows )*(?:{SHIELD}) (?:off|down|gone|out|away|stopped|disabled|paused)
    (?:excuse|spare|free|immune) (?:\S+ ){{0,3}}from (?:the )?(?:scan\w*|protection|filter\w*|lock ?outs?|polic\w+)
    (?:lowest|lower|low|less|no|minimum|minimal) security | ignor(?:e|ing) (?:the|that|this) red \w+
    safe senders? (?:\w+ ){{0,3}}(?:tenant|organi[sz]ation|company|everybody)
    in spite of (?:the|any|that|its|their|all) (?:\w+ )?warnings? | do not warn (?:me|us|again)
    decrypt(?:ing)? the (?:drive|disk|laptop|computer|volume)
""")
ELEVATED = any_of(r"""
    (?:terminal|prompt|cmd|shell) \(admin(?:istrator)?\)
    as (?:an? |the )?(?:local |domain |global )?admin(?:istrator)? | as root | sudo(?: \w+)? | su - | run ?as
    super ?user
    elevated (?:\w+ )?(?:prompt|command|power ?shell|shell|session|rights|terminal|cmd|console|privileges|window|mode)
    elevate (?:the|it|in|to|your|their|this) | power ?shell | psexec | iex | net user
    cmdlet (?!get|test|resolve|measure|select|sort|where|out (?:string|host)|format (?:list|table|wide))\w+ \w+
    cmdlet get (?:credential|laps\w*|bitlocker\w*|clipboard|content|\w*(?:password|secret|key|token)\w*)
    net local ?group
    admin(?:istrator|istrative)? (?:power ?shell|command|cmd|terminal|console|shell|rights|mode|privileges?)
    (?:made|make|making|become)(?: \w+){0,3}? (?:an? |the )?(?:local |global |domain )?(?:admin(?:istrator)?|superuser)
    (?:higher|highest|full|system|raised) (?:privileges?|rights) | admin(?:istrator|istrative)? window | elevated
    with (?:full |local )?admin(?:istrator|istrative)? (?:\w+ )?rights
    admin(?:istrator|istrative)? (?:prompt|session|credentials|password|login|account)
    (?:local|domain|global|built in) admin(?:istrator)?s?(?: \w+)? | root (?:shell|account|rights|access)
    (?:run|runs|running) as system | with an? admin(?:istrator)?'?s? (?:token|rights|login)
    laps | elevation prompt | (?:your|my|our) (?:own )?admin(?:istrator)? (?:name|user|details|pin)
    domain credentials | set execution ?policy | execution ?policy \w+ | invoke (?:expression|webrequest|command)
""")
SCRIPTS = any_of(r"""
    (?:\S+ )?scripts?(?! (?:error|blocker)) | \S+\.(?:ps1|bat|vbs|cmd|sh|py) | (?:batch|command) files? | macros?
""")
RIGHTS = any_of(r"""
    the (?:local |domain )?admin(?:istrator)?s | member of (?:the |an? )?(?:\S+ ){0,2}group
    (?:administrators?|admins?|sudoers|privileged|security) group
    (?:admin(?:istrator)?|owner|full) (?:rights?|role|access|permissions?|privileges?|control)
""")
DOMAIN = any_of(r"""
    (?:(?:windows|company|ad) )?domain(?! (?:name )?(?:in|of|after|before|part)) | dns(?: \w+)? | name ?servers?
    dhcp(?: \w+)? | (?:active directory|ad)(?! block)(?: (?:object|group|schema|site))? | group polic(?:y|ies)
    gpos? | ous? | organi[sz]ational unit | (?:static|fixed|manual) (?:ip|address)(?: address)? | subnet mask
    default gateway | (?:a|aaaa|mx|txt|spf|dkim|dmarc|srv) records? | cname | vlans?(?: \d+)?
    (?:a|aaaa|mx|txt|spf|dkim|srv|dns) entry | ttl | (?:in|of|from) the (?:dhcp )?scope
    computer (?:object|account|name) | work ?group | hostname | ip ?v[46] (?:properties|settings)
    (?:use|tick|choose) the following (?:ip|dns)(?: \w+)* | fsmo(?: roles?)?
    (?:dns|stale|forward|reverse)?(?: lookup)? ?zone (?:entries|entry|records?|file|transfer)s?
    tcp ip(?:v?[46])? properties | tcp/ip(?:v?[46])? | (?:the )?gateway(?: by hand| address)?
    unjoin(?:ing)? | access work or school | dns suffix
    re ?join(?:ing)? (?:the |this |that )?(?:machine|pc|computer|laptop|domain|workstation)
    records? (?:for|of) (?:the |their )?(?:\w+ )?(?:web ?site|site|web site|domain)
    rename (?:this |the |that )?(?:pc|computer|laptop|machine) | ip (?:address )?(?:by hand|manually)
    manual address(?:ing)? | registrar | azure ad join | hybrid join | lease(?: time)?
    (?:dhcp|address) (?:scope|pool|reservation)s? | (?:preferred|primary|alternate|secondary) dns | default router
    proxy (?:server|settings?|script) | wins server
""")
NAME_SERVERS = (
    r"dns (?:servers?|address(?:es)?)|(?:static|fixed) (?:ip|address)(?: address)?|domain controller|public dns"
    r"|(?:custom|own|public|other) name ?servers?"
    r"|gateway(?: by hand| address)?|subnet(?: mask)?|(?:cloudflare|google|quad9|open) ?dns"
)
SERVER = any_of(r"""
    luns? | mail ?box to \d+ ?gb | (?:an?|another|second|new|old|other) dc
    (?:(?:file|mail|print|web|exchange|sql|database|application|app|terminal|ftp|production|remote|\w+'s) )?servers?
    domain controllers? | the dcs? | (?:share|folder|drive)'s (?:size )?(?:limit|quota) | hypervisor
    esxi(?: host)? | hyper v | v ?center | virtual machines? | vms? | nas | iis | load balancer | cluster
    exchange(?: online)? | (?:sql|transport|dns|dhcp|iis|exchange) (?:server )?service | production(?: \w+)?
    live (?:system|environment) | databases? | mail ?flow rules? | transport rules? | (?:sql |database )?instances?
    backup (?:jobs?|schedule|agent|task)s? | (?:web|prod(?:uction)?|live|linux|windows) box
    (?:raid|storage) (?:array|controller|pool) | app(?:lication)? pool
    (?:mail ?box|share|disk|storage)(?:'s)? quotas?
    (?:ntfs|share|folder|file|mailbox|sharing|security)(?:'s)? (?:permissions?|rights|acls?) | access control lists?
    (?:auto(?:matic)? )?(?:forwarding|redirect(?:ion)?) rules?
    (?:srv|server|print|file|dc|sql|ex|app|web|db|rds|nas)\d{1,3} | (?:in|into|from) the rack
    (?:nightly|daily|weekly|scheduled|cloud|server|tape)? ?back ?ups?(?! (?:battery|drive|camera|code|phone))
    mail ?box (?:size )?limits? | (?:other|another|every) (?:\w+ )?(?:user's )?sessions? | everybody's sessions?
    distribution (?:lists?|groups?)
    (?:router|switch|access point|firewall) (?:in|at|of) the (?:office|company|branch|site|rack|basement|server room)
    (?:office|company|branch) (?:router|switch|access point) | firewall's (?:\w+ )?(?:page|console|interface|rules?)
    public folders? | san | snapshots? of (?:the )?(?:vm|server) | connectors? | (?:core|network|managed|poe) switch
    switch ?port | switch's \w+ \w+
""")
NETWORK_BOX = any_of(r"""
    routers?(?!'s? (?:light|plug|cable)) | (?:router|switch)'s (?:\w+ )?(?:page|interface) | access points?
    the switch(?! on| under| at the) | wireless controller | (?:network|managed|core|poe) switch | switch ?port
""")
LICENCE = any_of(r"""
    (?:(?:microsoft|office|m365|365|e[135]|f[13]|business|premium|standard|software|another|paid) )*licen[cs](?:es?|ing)
    (?:\w+ )?subscriptions?
    (?:paid |user )?seats?(?= (?:to|on|in|from|for) (?:the )?(?:\w+ )?(?:plan|subscription|tenant)) | billing
    invoices? | payment (?:method|details|card|information) | credit card | product key | contract | trial
    (?:office|365|pricing|subscription|storage|data|mobile) plan
    on (?:e[135]|f[13]|a[135])(?= (?:for|until|from|now)\b) | [efa][135] plan
    (?:extra|more|additional) (?:storage|seats|users|licences)
    (?:teams|visio|project|copilot|power bi|adobe|acrobat|zoom) (?:premium|pro|plan \d)
    pay(?:ing)? (?:by|with) (?:the |a |their )?card | card (?:\w+ )?charged | charg(?:e|ing) (?:the|their|a) card
    sign(?:ing)? (?:\S+ ){0,3}up for | e[135] for e[135] | f[13] for e[135] | seats? | (?:number|count) of seats
    (?:credit |bank |payment |company )?card (?:on file|on record|on the account) | (?:next|monthly) (?:bill|invoice)
    kms(?: \w+)? | (?:volume|activation|mak|retail|oem) keys? | activate windows
    activat(?:e|ing|ion of) (?:windows|office|acrobat|visio|project) | (?:in app|app store|store) purchases?
    (?:to|from) (?:an? |the )?(?:e[135]|f[13]|a[135]|(?:business )?(?:premium|standard|basic|essentials)|pro plus)
    (?:billing|purchase) (?:card|address|account|contact|profile) | (?:company|corporate)(?:'s)? (?:credit )?card
    upgrade the (?:tenant|plan)
""")
ACCESS = any_of(r"""
    (?:access|permissions?|rights) (?:to|on|for|over) (?:\S+ ){0,4}?(?:mail ?box|share|folder|drive|server)
    (?:access|permissions?|rights) (?:to|on|for|over) (?:\S+ ){0,4}?(?:database|site|group) | send as | full control
    (?:make|making|made) (?:him|her|them|the \w+) (?:the |an? |co )?(?:owner|admin\w*|editor|moderator) of
    guests? (?:on|to|into|in) (?:the )?(?:share ?point|team|tenant|site)\w*
    (?:everybody|everyone|all users|anyone|anybody) (?:can|may|is able to) (?:write|edit|read|change|delete)
    (?:full|send as|send on behalf|delegate|write|owner|editor) (?:access|permissions?|rights)
""")
TOPICS = {
    "registry_edit": any_of(r"ntuser\S* | guid"),
    "system_file_or_boot_edit": any_of(r"swap ?file | virtual memory | boot ?loader"),
    "data_or_disk_deletion": any_of(r"partitions? | (?:roaming|user|windows|local) profiles?"),
    "credential_or_mfa_change": any_of(r"(?:\w+ )?factors? | sign in block | block on (?:\w+ ){1,3}sign in"),
    "security_or_av_or_firewall_change": any_of(r"""
        encryption | certificate (?:question|store) | macros? | update service | windows update service
    """),
    "domain_dns_dhcp_change": any_of(r"(?<!time )zones? | tenants? | unjoin"),
    "server_or_production_config": any_of(r"quotas? | hosts? of (?:the )?vms? | app(?:lication)? pools?"),
    "billing_or_license_change": any_of(r"tenant"),
}
"""Named in an instruction, these are nothing that level 1 does anything with."""
TOUCHED_FREELY = any_of(r"""
    open | close | click | choose | select | press | plug | unplug | pull | scan | print | type | move the mouse | zoom
    connect | send | show | hide | hold
""")
