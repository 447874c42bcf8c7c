"""Commands that change a system, as folded text has them, and what of a command line betrays itself by its shape."""

from services.builder.guardrails.protected import any_of

TOOLS = any_of(r"""
    netsh | schtasks | wmic | mshta | rundll32 | regsvr32 | [cw]script | bits ?admin | certutil | manage bde
    vss ?admin | wb ?admin | bcd ?boot | dsreg ?cmd | slmgr\S* | ospp\S* | ms ?iexec | wusa | setx | fsutil
    mountvol | attrib | cacls | icacls | takeown | wevtutil | secedit | auditpol | net ?dom | ntds ?util | repadmin
    dnscmd | nltest | cmdkey | winrm | iis ?reset | sc (?:config|delete|stop|start|create) \w+
    net (?:stop|start|share|accounts|group|computer) \w+
    (?:gpedit|secpol|lusrmgr|certmgr|certlm|diskmgmt|dsa|wf|compmgmt)(?:\.msc)? | netplwiz | syskey | reagentc
    defrag /\w | launchctl | csrutil | spctl | disk ?util | fde ?setup | dscl | nvram | chmod | chown | chgrp
    defaults write | kext\w+ | systemctl | ip ?tables | ufw | crontab | kill(?:all)? - ?9 | mkswap | shred - ?\w
    apt(?: get)? (?:install|remove|purge) | (?:yum|dnf|brew|choco|winget) (?:install|uninstall|remove) \w+
    curl \S.{0,200}\| ?(?:ba|z)?sh | wget \S.{0,200}\| ?sh | \| ?(?:iex|bash|sh|cmd)\b | robo ?copy \S+ \S+ /mir
    xcopy /\w | key ?= ?clear | set mp ?preference | gpupdate /force | (?:python3?|perl|ruby|node|bash|php) \S+\.\w+
    wsreset | --?(?:delete|force|recurse|silent|quiet|rf|exec|nop) | self destruct | nircmd | devcon | pnputil
    driverquery /\w+
""")
_HARMLESS = (
    r"ipconfig|ping|tracert|traceroute|pathping|nslookup|hostname|whoami|systeminfo|tasklist|arp|netstat|getmac"
    r"|gpresult"
    r"|route print|winver|winword|excel|powerpnt|outlook|onenote|msaccess|teams|zoom|chrome|msedge|firefox"
    r"|explorer|shutdown"
    r"|mstsc|dxdiag|lpstat|ifconfig|powercfg|onedrive"
)
READING = r"cmdlet (?:get|test|resolve|measure) \w+"
"""A PowerShell command that only looks; another one in the same line is found by its own name."""
SWITCHED = (
    rf"(?<![\w.\\/])(?!(?:{_HARMLESS})(?:\.exe)?\b)[a-z][\w.]{{1,20}} "
    r"(?:/(?!\S*/)[a-z?]\w{0,20}\b(?! ?(?:or|and)\b)|--?[a-z]\w{0,20}\b)"
)
"""A word with a switch behind it, unless it is one of the programs whose switches hurt nobody."""
