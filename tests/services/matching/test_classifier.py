from pathlib import Path

import pytest

from services.categories import BUILDABLE, FORBIDDEN, UNKNOWN
from services.flows.format import read_flows
from services.matching.classifier import classify
from services.matching.cues import CUES, FORBIDDEN_WISHES

STARTER = Path(__file__).parents[3] / "services" / "flows" / "starter"


def test_every_category_has_its_words() -> None:
    assert set(CUES) == set(BUILDABLE)
    assert set(FORBIDDEN_WISHES) == set(FORBIDDEN)
    assert not set(BUILDABLE) & set(FORBIDDEN)
    assert UNKNOWN not in BUILDABLE | FORBIDDEN


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("She forgot her password over the holidays", "password_reset"),
        ("cannot remember what my windows pin was, forgot it", "password_reset"),
        ("his account is blocked", "account_lockout"),
        ("zebra prints nothing", "printer"),
        ("how do I set an out of office", "email_outlook_client"),
        ("signal is weak at my desk, wifi", "wifi_network_basics"),
        ("the meeting link does not open", "teams_zoom_av"),
        ("portal opens on a blank page in chrome", "browser_cache_cookies"),
        ("speakers are dead", "peripheral_reconnect"),
        ("blue screen after lunch again", "os_restart_update"),
        ("my passwords expired", "password_reset"),
        ("need to reset my windows pasword", "password_reset"),
        ("password is not accepted any more", "password_reset"),
        ("account locked after the weekend", "account_lockout"),
        ("I am locked out, too many attempts", "account_lockout"),
        ("lockout of my account again", "account_lockout"),
        ("please unlock his account", "account_lockout"),
        ("the printer on the landing is offline", "printer"),
        ("none of the printers prints", "printer"),
        ("prniter has a paper jam", "printer"),
        ("scanning to email fails since Tuesday", "printer"),
        ("Outlook keeps asking for my password", "email_outlook_client"),
        ("e-mails are stuck in the outbox", "email_outlook_client"),
        ("outlok crashes when I open an attachment", "email_outlook_client"),
        ("my mailbox shows nothing new", "email_outlook_client"),
        ("the wi-fi drops every few minutes", "wifi_network_basics"),
        ("no internet in the annex", "wifi_network_basics"),
        ("restarted the router and still no internet", "wifi_network_basics"),
        ("wireless password not accepted", "wifi_network_basics"),
        ("vpn disconnects when I work from home", "vpn_connect"),
        ("GlobalProtect is stuck at connecting", "vpn_connect"),
        ("the VPN client won't connect", "vpn_connect"),
        ("nobody can hear me in Teams", "teams_zoom_av"),
        ("zoom camera stays black", "teams_zoom_av"),
        ("how do I share my screen in a meeting", "teams_zoom_av"),
        ("microphones are muted in webex", "teams_zoom_av"),
        ("the page does not load in Chrome", "browser_cache_cookies"),
        ("website looks broken, maybe clear the cache and cookies", "browser_cache_cookies"),
        ("firefox browser hangs on every tab", "browser_cache_cookies"),
        ("keyboard has stopped typing", "peripheral_reconnect"),
        ("docking station does not see my second screen", "peripheral_reconnect"),
        ("bluetooth mouse disconnects", "peripheral_reconnect"),
        ("usb headset not found", "peripheral_reconnect"),
        ("windows update is stuck at thirty percent", "os_restart_update"),
        ("my computer is slow and freezes", "os_restart_update"),
        ("laptop keeps asking for a restart after updating", "os_restart_update"),
        ("updates keep failing on my laptop", "os_restart_update"),
    ],
)
def test_a_buildable_category_is_recognised(text: str, category: str) -> None:
    assert classify(text) == category


@pytest.mark.parametrize(
    "text",
    [
        *(
            "update",
            "client",
            "account",
            "reset",
            "connect",
            "basics",
            "os",
            "av",
            "outlook",
            "printer",
            "vpn",
            "teams",
        ),
        "update the client account",
        "reset the router",
        "connect me to the account manager",
        "the outlook for the next quarter",
        "the coffee machine is empty",
        "our sales page needs new pictures",
        "SharePoint site is missing for the whole department",
        "the mapped drive is gone",
        "the tablet in reception is slow",
        "",
        "😀 😀",
    ],
)
def test_little_or_no_evidence_is_unknown(text: str) -> None:
    assert classify(text) == UNKNOWN


@pytest.mark.parametrize(
    "text", ["printer and wifi are down", "keyboard and camera stopped", "neither outlook nor the printer opens"]
)
def test_a_tie_is_unknown(text: str) -> None:
    assert classify(text) == UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "fix Outlook with a registry edit",
        "change the windows regestry so the printer works",
        "the printer needs a line in the hosts file",
        "boot order in the BIOS must change before the windows update",
        "delete the D partition, my computer is slow",
        "format the drive because the laptop freezes",
        "wipe my laptop and restart it",
        "reset my MFA, I forgot the password",
        "move the authenticator app to my new phone, password expired",
        "two-factor prompt never comes on vpn",
        "turn off the firewall so that the vpn connects",
        "disable Defender, teams camera is blocked",
        "uninstall the anti-virus, the browser is slow",
        "switch Windows security off, windows update fails",
        "run this PowerShell script so outlook opens",
        "open an elevated prompt and restart the print spooler",
        "give me admin rights to install the printer",
        "run it as admin, windows update fails",
        "change the DNS so the internet works",
        "set a static IP, the wifi has no internet",
        "unlock my account on the domain controller",
        "reboot the server, outlook has no connection",
        "change a server setting, vpn fails",
        "we need two more licences for Teams and Zoom",
        "upgrade our plan, the mailbox is full",
        "Outlook subscription expired",
    ],
)
def test_what_is_forbidden_is_unknown_whatever_else_is_said(text: str) -> None:
    assert classify(text) == UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "order a new printer, the printer is broken",
        "buy a keyboard and a mouse",
        "the printer is smoking and printing nothing",
        "outlook shows that all files are encrypted",
    ],
)
def test_requests_and_incidents_are_unknown(text: str) -> None:
    assert classify(text) == UNKNOWN


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Bill cannot print", "printer"),
        ("user forgot his password", "password_reset"),
        ("clear the browser cache and delete cookies, page does not load", "browser_cache_cookies"),
        ("outlook cannot connect to the server", "email_outlook_client"),
        ("delete the stuck print job, the printer hangs", "printer"),
        ("authentication failed on vpn", "vpn_connect"),
    ],
)
def test_harmless_words_are_not_taken_for_a_forbidden_wish(text: str, category: str) -> None:
    assert classify(text) == category


def test_a_forbidden_wish_at_the_end_of_a_long_text_counts() -> None:
    assert classify("the printer is offline. " + "It hums along quietly. " * 150 + "So edit the registry.") == UNKNOWN


@pytest.mark.parametrize("text", ["printer " * 100_000, "password reset " * 2_000, "x" * 1_000_000, "\x00\x1b" * 5_000])
def test_hostile_texts_are_answered(text: str) -> None:
    assert classify(text) in {*BUILDABLE, UNKNOWN}


def test_the_starter_flows_sentences_are_sorted_rightly_or_not_at_all() -> None:
    """Floors under what was measured: of 382 sentences about a category half are named, of those named five in six
    are right."""
    flows = [file.flow for file in read_flows([STARTER])]
    named = [(flow.category, classify(text)) for flow in flows for text in flow.examples]
    about = [(right, found) for right, found in named if right in BUILDABLE]
    assert sum(right == found for right, found in about) >= 0.45 * len(about)
    said = [(right, found) for right, found in named if found != UNKNOWN]
    assert sum(right == found for right, found in said) >= 0.8 * len(said)
