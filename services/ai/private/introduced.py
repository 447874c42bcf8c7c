"""Names that something introduces: a title, a greeting, a possessive, the end of a letter."""

import re
from collections.abc import Iterator

from services.ai.private.lexicon import (
    GAP,
    MOST_WORDS,
    PARTICLES,
    WORD,
    bare_end,
    capital,
    family,
    given,
    in_list,
    listed,
    ordinary,
    plain,
    product,
    surname,
)


def _any(words: str) -> str:
    """One of them; a line may end anywhere between two."""
    return "(?:" + "|".join(each.strip() for each in words.split("|")) + ")"


_PERSON = r"(?=[^\W\d_])"
_TITLE = re.compile(
    r"(?<!\w)"
    + _any(r"""
        Mr | [Mm]rs | Ms | Miss | Mx | Dr | Prof | Sir | Madam | Sgt | Cllr | Rev | Fr | Capt | Cpt | Col | Lt
        | Maj | Cpl | Dame | Lord | Lady | Nurse | Sister | Pastor | Judge | Detective | Inspector | Constable
        | [Hh]errn? | [Ff]rau | Monsieur | monsieur | Madame | madame | Mme | Mlle | Sr | Sra | Srta
        | [Ss]eñora? | [Ss]eñorita | [Ss]ignora? | Sig | Dhr | Mevr | [Mm]evrouw | [Mm]eneer
    """)
    + r"\.?(?: (?:Dr|Prof)\.?)? "
    + _PERSON
)
_SPOKEN_TO = re.compile(
    r"(?<!\w)(?<!task )(?<!device )(?<!credential )(?<!password )"
    + _any(r"""
        (?:spoke|speaking|speak|talked|talking|talk|chatted) (?:with|to|w/)
        | (?:called|reported|raised|requested|opened|signed|escalated) by | on behalf of | attn\.? ?:? | cc ?:?
        | caller ?:? | contact | ask | asked | ask for | asked for | tell | told | emailed | messaged | texted
        | phoned | rang | pinged | colleague | co-?worker | manager | boss | supervisor | assistant | employee
        | receptionist | technician | engineer | owner | teacher | driver | partner | dear | hi | hello | hey
        | thanks | thank you | cheers | hallo | bonjour | hola | beste | lieber? | cher | chère | kollegen?
        | kollegin | (?:message|msg|voicemail|note|word|attention|mailbox|laptop) (?:for|with|w/|of|from)
        | (?:belongs|assigned|issued|registered) to
    """)
    + r":?,? "
    + _PERSON,
    re.IGNORECASE,
)
_CUE = re.compile(
    r"(?<!\w)"
    + _any(r"""
        this is | i am | i['’]m | it['’]s | here is | name is | name['’]s | name ?: | named | contact ?:
        | from ?: | to ?: | user ?: | customer ?:? | client ?:? | cust\.? ?:? | per | ich bin | mein name ist
        | je suis | soy | me llamo | ik ben
    """)
    + r",? "
    + _PERSON
    + r"|\((?=[^\W\d_]{3,20}\))",
    re.IGNORECASE,
)
_OWN_NAME = re.compile(
    r"\b(?:my|her|his|their|the|maiden) (?:full |last |first |sur|user |maiden )?name(?: is|['’]s|:)? (?=\S)(?!is\b)"
    r"|\b(?:s'appelle|me llamo|m'appelle|llama) ",
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"(?<!\w)(?P<hide>[^\W\d_][\w’'-]{1,30}?)['’]s? (?:own |new |old |work |desk )?"
    + _any("""
        laptop | pc | computer | machine | phone | mobile | mailbox | inbox | account | desk | screen | monitor
        | headset | keyboard | mouse | printer | profile | calendar | password | manager | colleague | boss
        | e-?mails? | mail | user | home | office | desktop | tablet | ipad | iphone | dock | number | extension
        | login | folders? | files | drive | team | session | line | badge | card | room | camera | webcam
        | meeting | chair | name | wife | husband | daughter | son | assistant | too
        | is | works | has | does
    """)
    + r"\b"
)
_SAYS = re.compile(
    r"(?<![\w'’-])(?P<hide>[^\W\d_]{2,20}) (?:also |just |now |still |both )?"
    + _any("""
        says | said | calls | called | rang | phoned | reports | reported | wants | wanted | asks | asked
        | confirms | confirmed | tells | told | thinks | thought | tried | tries | mentions | mentioned | agrees
        | agreed | noticed | complains | complained | is (?:away|ill|sick|on holiday|on leave|out|off|back at)
        | has left | can['’]t | cannot | saw | sees
    """)
    + r"\b"
)
_INITIALS = re.compile(r"(?<![\w.])(?:[A-ZÀ-Þ]\.[ -]?){1,3} ?(?P<name>[^\W\d_]+(?:['’-][^\W\d_]+)*+)")
_CLOSING = re.compile(
    r"^[ \t]{0,8}"
    + _any(r"""
        (?:kind|best|warm|many)? ?(?:regards|rgds|thanks) | thank you | thx | cheers | sincerely
        | yours(?: \w{1,12})? | best(?: wishes)? | mit freundlichen grüßen | mfg | viele grüße | cordialement
        | bien à vous | saludos | un saludo | atentamente | (?:met vriendelijke )?groet(?:en)? | mvg | --
        | sent by
    """)
    + r"[ \t]{0,3}[,.!]?[ \t]{0,8}[\n ]\s{0,8}(?P<hide>[^\n<>]{2,40})$",
    re.IGNORECASE | re.MULTILINE,
)
_PLACE = re.compile(r" (?:here )?(?:from|at|of|with) ")


def introduced(text: str) -> Iterator[tuple[int, int]]:
    for cue, any_word, any_case in (
        (_TITLE, True, False),
        (_SPOKEN_TO, True, False),
        (_CUE, False, False),
        (_OWN_NAME, False, True),
    ):
        for found in cue.finditer(text):
            end = _end_of_introduced(text, found.end(), any_word, any_case)
            if end > found.end():
                yield found.end(), end
                yield from _workplace(text, end)
    for pattern in (_OWNER, _SAYS):
        for found in pattern.finditer(text):
            if _nobody_else(found["hide"]):
                yield found.span("hide")
    for found in _INITIALS.finditer(text):
        if capital(found["name"]) and surname(found["name"], strict=True):
            yield found.span()
    for found in _CLOSING.finditer(text):
        words = WORD.findall(found["hide"])
        if words and all(map(capital, words)) and not all(map(ordinary, words)):
            yield found.span("hide")


def _nobody_else(word: str) -> bool:
    """Written as a name, and no word that we know."""
    return capital(word) and word[1:].islower() and not ordinary(word)


def _end_of_introduced(text: str, start: int, any_word: bool, any_case: bool) -> int:
    end = start
    for _ in range(MOST_WORDS):
        gap = GAP.match(text, end) if end > start else None
        place = start if end == start else gap.end() if gap is not None else -1
        found = WORD.match(text, place) if place >= 0 else None
        if found is None:
            break
        word = text[place : bare_end(found)]
        if plain(word) in PARTICLES and not in_list(word):
            following = WORD.match(text, found.end() + 1)
            if following is None or not (capital(following.group()) or plain(following.group()) in PARTICLES):
                break
            end = found.end()
            continue
        first = end == start
        if not (capital(word) or (any_case and not ordinary(word))) or not _may_be_introduced(word, first, any_word):
            break
        end = place + len(word)
    return end


def _may_be_introduced(word: str, first: bool, any_word: bool) -> bool:
    if product(word):
        return False
    small = plain(word)
    doubtful = small in listed("doubtful_given") or small in listed("doubtful_family")
    if first and any_word and doubtful:
        return True
    return given(word) or family(word) or not ordinary(word) or (doubtful and not first)


def _workplace(text: str, end: int) -> Iterator[tuple[int, int]]:
    """`Maria from Contoso`: the company, as far as it is written with capitals."""
    place = _PLACE.match(text, end)
    if place is None:
        return
    start = stop = place.end()
    found = WORD.match(text, start)
    while found is not None and capital(found.group()) and not (product(found.group()) and stop == start):
        stop = bare_end(found)
        found = WORD.match(text, stop + 1)
    if stop > start and not all(map(ordinary, WORD.findall(text[start:stop]))):
        yield start, stop
