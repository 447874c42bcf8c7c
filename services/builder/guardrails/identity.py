"""Passwords, codes, keys, second factors and accounts, as people name them: patterns as in `protected`."""

from services.builder.guardrails.protected import any_of

PASSWORD = (
    r"(?:pass ?(?:word|code|phrase)s?|passwd|pwd|credentials|pins?(?: codes?)?)"
    r"(?! (?:polic|prompt|field|box|window|screen|manager|reset|expir|page|hint|requirement|rule|dialog|link|length"
    r"|pad))"
)
PASSWORD_POLICY = any_of(r"""
    (?:password|pin|lockout|passcode) (?:polic(?:y|ies)|rules?|length|requirements?|complexity|history|age|expir\w+)
    (?:password|pin)'s \w+ | ngc(?: folder)? | pin container | (?:password|pin) never
""")
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
    security info(?:rmation)? | (?:authentication|verification|sign in|login|registered) methods? | fido2?(?: keys?)?
    (?:sign in|log ?in|recovery|security|back ?up|verification) (?:phone|number|mobile|e ?mail|address)s?
    duo(?: \w+)? | okta verify | secur ?id | hardware tokens? | yubikeys?
    temporary access pass | (?:phone |text |sms )?verification(?! code)
""")
WEAKENED_SIGN_IN = any_of(r"""
    passwords? (?:to )?never expires?
    (?:enter|type|choose|make|pick) an? (?:\w+ ){0,2}(?:temporary|complex|random|default|simple) (?:\w+ )?password
    (?:unlock|re ?enable|enable|disable|suspend|delete|block) (?:the|this|that|her|his) user
    (?:log|sign)(?:s|ged|ging|ned|ning)? (?:in|on) as (?:the |an? |his |her |their )?(?:manager|boss|owner|director)
    (?:log|sign)(?:s|ged|ging|ned|ning)? (?:in|on) as (?:the |an? |his |her |their )?(?:colleague|other user|admin\w*)
    (?:log|sign)(?:s|ged|ging|ned|ning)? (?:in|on) as (?:the service|root|some\w+|another)
    (?:approve|accept|confirm) (?:whatever|any|every|all)(?: \w+)?
    (?:pick|choose|invent|think up|make up)(?: \w+){0,3} (?:password|pin) for
    approve (?:\S+ ){0,2}(?:without|blindly|anyway) | in with (?:hers|theirs|yours|mine|your own)
    (?:give|lend|hand)(?: \w+){1,3} (?:your|my) (?:own )?(?:login|account|badge)
    (?:log|sign)(?:ging|ning)? (?:him|her|them|the \w+) (?:in|on) (?:with|as|under|using)(?! (?:their|his|her) )
    set(?:ting)? [a-z]+ ?\d+\S* for (?:him|her|them)
    let(?:ting)? (?:the \w+|him|her|them) be (?:an? |the )?(?:local |domain )?admin\w*
    blank(?:ing)? (?:the|their|his|her|out the)? ?pass ?word | (?:a |an )?(?:empty|blank) pass ?word
    (?:in|on)(?:to \w+)? (?:with|as|using|under|through|via) (?:\S+ ){0,3}?(?:colleague|manager|boss|co ?worker)'s
    (?:in|on)(?:to \w+)? (?:with|as|using|under|through|via) (?:\S+ ){0,3}?(?:someone|somebody|director)(?:'s| else)
    (?:use|using|borrow(?:ing)?) (?:\S+ ){0,3}?(?:colleague|manager|boss|someone else)'s (?:account|login|badge|pin)
    temporary access pass(?: \w+)? | (?:mfa|sign in|prompt|request) (?:\w+ )?on (?:\S+ ){1,3}behalf
""")
ACCOUNT = r"(?:(?:user|ad|domain|disabled|locked|new|their|his|her|windows|admin|service|guest) )*(?:account|login)s?"
ADMIN_PLACE = any_of(r"""
    active directory | entra(?: id)? | azure(?: ad)? | aduc | (?:in|on) ad | exchange admin \w+ | okta | intune
    admin(?:istration)? (?:cent(?:er|re)|console|portal|panel)
    (?:user|caller|customer|client|employee)'?s'? (?:\w+ )?(?:password|credentials|pin)
    (?:password|pin) (?:for|of) (?:the )?(?:caller|user|customer|account|mailbox|him|her|them)
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
    (?:text|sms|message|mail|e ?mail) (?:\w+ )?with (?:the|their|a|that) codes?
    codes? (?:that|which) (?:was|is|were|has been|just)(?: \w+){{0,3}} (?:texted|sent|mailed|received)
    codes? (?:that|which) (?:they|you|he|she)(?: \w+){{0,3}} (?:received|got|see)
    codes? (?:\w+ ){{0,5}}?(?:texted|mailed|sent|messaged)(?: \w+)? (?:you|them|him|her|out|over)
    (?:number|code|digit)s? (?:\w+ ){{0,2}}(?:{_HER})(?:authenticator|token|phone) (?:shows?|displays?|says?)
    (?:four|six|eight|4|6|8) (?:numbers|digits)(?! of the (?:recovery )?key id)
    (?:number|digits|code)s? (?:in|from) (?:the|their|your|his|her) (?:text|sms|app|authenticator) | otps?
    one time pass ?(?:word|code)s? | (?:48|forty eight) digits?
""")
SPOKEN_CODE = any_of(r"""
    (?<!error )(?<!stop )(?<!status )(?<!product )codes? (?:\w+ ){0,4}?(?:out|aloud|to (?:me|you|us))
    (?:read|tell|give|send|text) (?:me|us|you) (?:the|that|your) codes?(?! (?:on|in|from|(?:that|which) (?:the|is)) )
    read(?:ing)? (?:me |us |out )?(?:the|your) (?:numbers?|digits) (?:on|in|from) (?:the|your|their) (?:app|token|sms)
    (?:password|pin|passcode)s? (?:in|into|to) (?:the|a|our) (?:chat|ticket|notes?)
    (?:what|which) (?:four|six|eight|[468]) (?:digits|numbers)
    (?:what|which) (?:number|code|digit)s? (?:does|do|is|are) (?:the|your|their) (?:authenticator|token|app|sms|text)\b
    (?:what|which) (?:pass ?(?:word|code|phrase)|pin|login) (?:are|do|does|did|have) (?:you|they|he|she|the \w+)
    (?:say|read|tell|spell|call|shout|send)(?:s|ing)?(?: \w+){0,3} what (?:the|your|their) (?:authenticator|token|sms)
    (?:what|which) \w+ (?:do|does|did) (?:you|they|he|she) (?:log|sign) (?:in|on) with
    what (?:they|you|he|she) (?:log|sign)s? (?:in|on) with
    (?:what|which word) (?:they|you|he|she) types? (?:at|to|for) (?:the )?(?:sign|log)
    (?:what|which) (?:was|were|is|are) the (?:digits|numbers?|codes?) (?:in|on|of|from) (?:the|your|their) (?:text|sms)
    (?:text|message|number|sms)s? (?:that |which )?(?:duo|microsoft|google|okta|the \w+) (?:\w+ ){0,2}(?:sent|shows)
    (?:what|which) (?:is|was) (?:the |your |their |his |her )(?:pass ?(?:word|code|phrase)|pin)
""")
KEY = any_of(r"""
    (?:(?:bit ?locker )?recovery (?:key|password)|bit ?locker (?:key|password))s?(?! id)
    (?:secret|private|api|encryption|access|product|licen[cs]e) keys?
    recovery (?:sheet|paper|card|codes?)
    (?:access|api|auth\w*|bearer|refresh|session) tokens? | seed phrases? | key ?phrases?
""")
IDENTITY = any_of(r"""
    login (?:details|data) | sign in details | log ?in credentials | (?:secret|security) (?:question|answer)s?
    answers? to (?:their|the|your) (?:secret|security) questions? | social security(?: number)?
    (?:credit |debit |bank )?card (?:number|details) | cvv | cvc | national insurance(?: number)? | passport number
    maiden name | date of birth and | bank (?:details|account number) | iban
""")
WIFI_KEY = r"(?:wi ?fi|wireless|wlan|wpa ?\d?|network security) (?:key|passphrase)"
_LOGIN = r"(?:his|her|their|your) log ?ins?(?! (?:page|screen|name|window|prompt|fail|work|succeed|time))"
SECRET = any_of(f"{PASSWORD} | {CODE} | {KEY} | {IDENTITY} | {WIFI_KEY} | {_LOGIN} | tokens?")
MEMBERSHIP = r"(?:work|school|company) (?:account|profile)|organi[sz]ation"
