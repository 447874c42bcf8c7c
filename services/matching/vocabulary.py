"""Word lists written by hand: general English and general IT, nothing learnt from anybody's calls."""

STOP_WORDS = frozenset(
    """
    a an the this that these those there here it its itself i im ive id ill me my mine myself we were weve
    well us our ours you your youre youve yours he hes him his she shes her hers they theyre theyve them
    their theirs who whos whom whose what whats which when where why how hows is isnt am are arent was wasnt
    be been being do does doesnt did didnt done doing have havent has hasnt had hadnt having can cant cannot
    could couldnt will wont would wouldnt shall should shouldnt may might must mustnt need needs needed
    neednt want wants wanted and or but nor so if then than because as until while of at by for with without
    about against between into through during before after above below to from in out on onto over under
    again further once any anything anymore anyone anybody all both each every everything everyone everybody
    few more most much many other others another some something someone somebody somehow such no nope not
    nothing none nobody only own same too very just also even ever never still yet already now up down off
    per via etc eg ie ok okay yes yeah please pls plz thanks thank thx hello hi hey dear regards cheers
    sorry help helps helped let lets get gets getting got gotten go goes going gone went come comes coming
    came make makes making made take takes taking took taken give gives giving given gave put puts putting
    say says saying said tell tells telling told ask asks asking asked know knows knew known think thinks
    thought guess seem seems seemed look looks looking looked like likes try tries trying tried use uses
    using used keep keeps keeping kept happen happens happening happened thing things stuff way ways bit lot
    lots kind sort really actually basically probably maybe perhaps quite rather pretty almost always often
    sometimes usually suddenly constantly today yesterday tomorrow tonight morning afternoon evening night
    week weeks weekend day days month months year years hour hours minute minutes second seconds ago since
    later soon earlier recently monday tuesday wednesday thursday friday saturday sunday last next first one
    two three work works working worked problem problems issue issues trouble user users customer customers
    caller callers client clients staff guy lady boss colleague colleagues coworker person people man woman
    mr mrs ms wrong weird strange odd funny annoying bad good right fine nice sure able unable whole dont
    theres heres thats aint cos cuz gonna wanna late
    """.split()
)
"""Words that tell nothing about what a call is about."""

_VARIANTS = """
    login: log in, log on, log into, log onto, logs in, logged in, logging in, logging on, logon
    login: sign in, sign on, sign into, signs in, signed in, signing in, signin, signon
    logoff: log off, log out, logged off, logged out, logging off, sign out, signed out, logout, signout
    popup: pop up, pop ups
    backup: back up, backed up
    setup: set up, setting up
    start: startup, start up, starts up, starting up
    shut: shutdown
    plugin: plug in, plug ins
    addin: add in, add ins, add on, addon, addons
    wifi: wi fi, wireless, wlan
    email: e mail, e mails, mail, mails, mailing
    mailbox: mail box
    voicemail: voice mail
    password: pw, pwd, passwd, pword, passcode, pass word
    credentials: creds, cred
    username: user name
    account: acct, acc
    mfa: 2fa, otp, authenticator, two factor, 2 factor, multi factor, two step, 2 step
    authentication: auth
    microphone: mic
    camera: cam, cams, webcam, web cam
    headset: head set, headphones, head phones, earphones
    touchpad: touch pad, trackpad, track pad
    keyboard: key board
    computer: pc, pcs, machine, workstation
    laptop: lap top, notebook, note book
    desktop: desk top
    screen: display
    phone: smartphone, cellphone, telephone, handset
    application: app, apps, program, programs, programme, software
    message: msg, msgs
    picture: pic, pics, photo, photos
    video: vid
    document: doc, docs
    excel: xls, xlsx
    powerpoint: ppt, pptx
    onedrive: one drive, od
    sharepoint: share point
    quickbooks: quick books, qb
    outlook: out look
    bluetooth: blue tooth
    bluescreen: bsod
    website: web site, webpage, web page
    disk: hdd, ssd
    network: lan
    internet: net
    license: licence, licences, licensing
    calendar: calender
    certificate: cert, certs
    configuration: config
    administrator: admin, admins
    information: info
    antivirus: av, anti virus
    permission: perms
    sync: synch, syncs, syncing, synced, synchronise, synchronize, synchronising, synchronizing, synchronisation
    always: every time, each time, any time, all time, last time, first time, this time, some time, long time
"""


def _variants() -> dict[str, str]:
    of: dict[str, str] = {}
    for line in _VARIANTS.strip().splitlines():
        word, _, others = line.partition(":")
        of.update((each.strip(), word.strip()) for each in others.split(","))
    return of


SAME = _variants()
"""Other spelling, short form or two words written apart, to the word that stands for them all."""

IRREGULAR = {
    form: word
    for word, forms in {
        "break": "broke broken",
        "buy": "bought",
        "die": "died dies dying dead",
        "find": "found",
        "forget": "forgot forgotten",
        "freeze": "froze frozen freezing",
        "hear": "heard",
        "leave": "left",
        "lock": "lockout lockouts",
        "lose": "lost losing",
        "mouse": "mice",
        "run": "ran",
        "send": "sent",
        "show": "shown",
        "slow": "slowly lag laggy lagging",
        "steal": "stole stolen",
        "stick": "stuck",
        "write": "wrote written",
    }.items()
    for form in forms.split()
}
"""Forms that no suffix rule finds."""

ORDINARY = frozenset(
    """
    abort absent accept access account across active actual adapter adaptor address advice affect afraid
    agent agree airport alarm album alert allergy allow alone along aloud alright american amount analyst
    ancient angry animal answer apart apologise appear apple apply approve april area around arrange array
    arrive arrow art article artist asleep assign assist assume attach attempt attend attribute audit august
    author automate automatic autumn avatar average avoid award aware away baby back backup badge bandwidth
    bank barcode bargain base basket batch bath battle beach bear beat beauty became beep began behave
    behind believe belong belt bench bend benefit bent beside best better beyond bike bill binary bios bird
    birthday bitter blame blank bled blew blink block blog board boat body bold bone book boost boot bore
    boring borrow bother bottle bottom bounce bound bowl brain branch brand brave bread break breakfast bred
    bride bridge brief bright bring british brother brown browser brush budget buffer build built bull bump
    bundle burn burnt burst bury business busy butter button byte cable cache cake call calm camp campaign
    candle card care career careful carpet carry cart cartridge case cash cast castle catch category cause
    ceiling cell center centre century certain chain chair chance change charge chart chase chat cheap check
    cheer cheese chef chest chicken chief children chinese chip choice choir choose chose church circle
    citizen city claim class clean clear clever click climb clip clipboard close closet cloth cloud club
    cluster coach coast coat code codec coffee coin cold collect collection college color colour column
    comfort command commit common community company compare compile complain complete computer concern
    condition conference consent console consumer contact contain content contest contract control cook
    cookie cool copy corner correct correctly corrupt cost cottage count country couple courier course court
    cousin cover crack crash crazy cream create creative credit crept crime crisp crop cross crowd culture
    cupboard current cursor curtain curve custom customer daily damage dance danger dark dashboard data date
    daughter dead deal dealt death debate decade december decide decrypt deep deer default defeat defense
    defrag degree delay delete deliver demand democrat dentist deny deploy deposit desert design desk
    desktop despite detail determine develop device dial diary diet differ digital dinner direct director
    dirt dirty disable disappear disc discard discover discuss dish disk display district divide dock doctor
    domain dongle donkey door double doubt download dozen draft drag dragon drain drama drank draw dream
    dress drew drill drink drive driver drop drove dual dump dust dutch duty early earn east easy eaten
    economic economy edge editor education effect eight eject elbow elder elect elephant eleven else email
    emotion employ empty emulator enable encrypt endpoint enemy energy engage engine enjoy enough enter
    entire entry envelope environment equal erase error escape essay establish estate event evidence evil
    exact exam example excuse executive exist exit expect expensive experience expert explain explore export
    express extension extra face fact fade fail fair faith fall false fame family farm fashion fast fate
    father fault favor favour fear feature february feed feel fell fellow felt female fence festival fiber
    fibre field fifty fight figure file fill film filter final finance find finger finish fire firewall firm
    firmware fish five flag flash flat flavour flesh flew flicker flight flip float flood floor flour flow
    flower flown fluid fold folder follow font food foot footer forbade force foreign forest forget fork
    form format former fortune forty forum forward fought found four free freedom freeze french fresh friend
    front froze frozen fruit full funeral furniture gain game garage garden gate gateway gather general
    generation gentle german ghost giant gift girl glad glass glitch glove goal gold golf gossip govern
    government grab grade grain grammar grand grandma grant graph grass grave great green grew grey grid
    ground group grow grown guard guide guilty guy habit hack hair half hall hammer hand handle hang hard
    hardware harm harvest hate head header headset health hear heart heat heavy height held hero hibernate
    hidden hide high hill hint history hobby hold hole holiday home honest hook hope horse hospital host
    hotel hotspot house huge human hundred hung hunger hunt hurry hurt husband icon idea ideal identify idle
    illness image imagine import important improve inbox inch include increase indeed index indian indicate
    individual industry information injury input insect insert inside insist install institution insurance
    intend interest intern internet interview invent inventory investment invite invoice irish iron island
    italian item jack jacket january jealous jewel join joke journey judge juice july jump june junior jury
    justice keen kernel kettle keyboard keypad kick kill king kiosk kitchen knee knelt knife knock knowledge
    label labour lack ladder laid lain lake lamp land language laptop large laser latency laugh launch
    laundry lawyer layer layout lazy lead leaf league leant leapt learn learnt leave left lemon lend lent
    less lesson letter level lever license life lift light limit line link liquid list listen little live
    load loaf loan local lock loft login logo lonely long loop loose lose loud love loyal luck lump lunch
    luxury machine macro magic maid mail mailbox main major male malware manage management manager manner
    manual march mark market marry mask mass master match mate material maths matter mayor meal mean meant
    measure meat medal medical medicine meet meeting member memory mention menu mercy merge mess message
    metadata metal meter method microphone middle migrate mild mile military milk million mind minimize
    minor mirror miss mission mistake mobile mode model modern module moment money monitor mood moon moral
    morning mother motherboard mount mountain mouse mouth move movie mown muscle museum music mute mystery
    nail name narrow national native natural nature navy near neat necessary neck neighbour neither nerve
    nervous nest network news newspaper nine node noise noon normal north nose note notice notification
    novel november nuclear number nurse oath obey object obvious occur ocean october offer office official
    offline online open opinion opportunity opposite option orange orchestra order organ organization
    orientation original others outage outline output oven overheard overload pack page paid pain paint pair
    panel panic paper parcel pardon parent parish park parse part particular partition partner party pass
    passenger past paste patch path patient pattern pause payment payroll peace penalty pencil pension
    pepper performance peripheral permission permit person phishing phone photo physical piano pick picture
    piece pile pilot ping pink pipe pitch pity pixel place plain plan plane plant plaster plate play player
    plenty plot plotter plug plugin pocket poem poet point pointer poison poke police policy polite politics
    pond pool poor popular population popup port portable portal portrait position positive possible post
    potato pound power practice pray prefer prepare present president press pretend prevent preview price
    printer prison privacy private prize problem process processor produce product professional professor
    profile profit program progress project projector promise prompt proof proper property propose protect
    protocol proud prove proxy public pull pump punish pupil purpose purse push quality quarter queen query
    question queue quick quickly quiet quit quote rabbit race radio rail rain raise random rang range rare
    rate reach read ready real realize reason reboot receive recipe recognize record recover recruit reduce
    refer reflect refresh refund refuse region register registry regret regular reinstall reject relate
    relax relay relief reload rely remain remark remember remind remote remove rename render renewal rent
    repair repeat replace reply request require research reset resign resist resize resolution respect
    response responsibility rest restart restore result retire return reveal reward rhythm rice rich ride
    rifle ring rise rival river road robot rock rode roll roof room root rope rose rough round router royal
    rubber rubbish ruin rule rural rush sack sacred safe sail salad salary sale salt sample sand sandbox
    sang sank satisfy sauce save scale scan scanner scene scheme school science scientist scope score
    scratch scream screen screw scroll seal search season seat secret secretary section secure security seed
    seek seen seize select sell send senior sense sensor sentence separate september serious sermon serve
    server service session settle setup seven several severe sexual shade shadow shake shame shape share
    sharp shed sheep sheet shelf shelter shift shine ship shirt shock shoe shoot shop shore short shortcut
    shoulder shout show shower shut shutdown sick side siege sight sign signal signature significant silent
    silly silver similar simple simply sing single sink sister site situation sixty size skill skin skirt
    slave sleep sleeve slept slice slid slide slip slope slot slow small smart smell smile smoke smooth snap
    snow soap social society socket soft software soldier solicitor solid solve song sound soup source south
    sown space spam spanish spare speak speaker special specific speed spell spend spent spilt spin spirit
    split spoilt spoke spoken sponsor spooler sport spot sprang spread spring spyware square stable stage
    stair stall stamp stand standard star start startup state statement station stay steal steam steel steep
    stem step stick stock stomach stood stop storage store storm story straight strategy straw stream street
    stress stretch strike string strip strong struck structure student studio study stupid style stylus
    subject submit subnet subscription success successful sudden suffer sugar suggest suit summer support
    surface surgeon surprise survey suspect suspend swam sweet swept swim swing swipe switch swore sworn
    swung symbol sync system table tablet tail talent talk tall tank tape target task taste taught taxi
    teach teacher team tear television template tenant tend tender tennis tent terminal test text theatre
    theme theory therefore thermal thick thief thin third thirsty thirty thousand thread threat threw thrill
    throat throughout throw thrown thrust thumb thunder ticket tide tidy tiger tight till timber time
    timeout tiny tired title toast tobacco toilet token tomato tone toner tongue tool toolbar tools tooth
    topic tore torn total touch touchscreen tour toward towel tower town trace track trade tradition
    traditional traffic tragic train trainer training transfer trash travel tray treat treatment tree trend
    trial tribe trick trip trod trousers truck true trust truth tube tunnel turn twelve twenty twice twin
    twist type typing tyre ugly uncle understood undo uninstall unit university unless unlock unplug update
    upgrade upheld upload upper upset upside uptime urban urge usual vague valley value various vast
    vegetable vendor verify version victim victory video view village violence violent virtual virtue virus
    visa visit vital voice voicemail volume vote wage wagon wait wake walk wall wallet wallpaper wander warm
    warn wash waste watch water wave weak wealth weapon wear weather website wedding weekly weight welcome
    welfare wept west whale wheat wheel whether whip whisper white wide widget wife wild wind window wine
    wing winter wipe wire wisdom wise wish within witness wizard woke woken wonder wood wool word wore
    workbook worker world worm worn worry worse worst worth wound wove wrap wrist write yard yellow young
    youth zero zone zoom
    """.split()
)
"""Ordinary English and IT words: never taken for a misspelling of a word in the library."""
