"""A small library made for these tests, and sentences with the flow that each is about."""

from services.flows.nodes import Flow, Instruction, Outcome


def flow(
    slug: str, title: str, keywords: str, steps: str, *, examples: tuple[str, ...] = (), summary: str | None = None
) -> Flow:
    """`keywords` separated by commas, `steps` by full stops."""
    said = [each.strip() for each in steps.split(".") if each.strip()]
    nodes: dict[str, Instruction | Outcome] = {
        f"s{number}": Instruction(text=text, next=f"s{number + 1}" if number + 1 < len(said) else "end")
        for number, text in enumerate(said)
    }
    nodes["end"] = Outcome(text="That did it.", result="resolved")
    return Flow(
        slug=slug,
        title=title,
        category="other",
        start="s0",
        nodes=nodes,
        keywords=tuple(each.strip() for each in keywords.split(",")),
        examples=examples,
        summary=summary,
    )


FLOWS = (
    flow(
        "badge-reader",
        "Door badge is not accepted at the reader",
        "badge, door, reader, access card",
        "Ask which door it is. Look up the badge number. Hold the badge flat against the reader for two seconds",
        examples=("my card does not let me through the side entrance",),
    ),
    flow(
        "till-receipt",
        "Receipt printer at the till prints nothing",
        "till, receipt, receipt printer, paper roll",
        "Turn the paper roll round. Close the lid until it clicks. Print a test receipt with the feed button",
    ),
    flow(
        "label-misfeed",
        "Label printer skips labels",
        "label printer, labels, skipping, calibrate",
        "Run the calibration. Check that the label width is right. Clean the gap sensor",
    ),
    flow(
        "office-printer-offline",
        "Office printer shows as offline",
        "printer, offline, not printing",
        "Turn the printer off and on. Check the network light. Remove and add the printer on the computer",
    ),
    flow(
        "headset-echo",
        "Echo or humming in the headset during calls",
        "headset, echo, humming, call",
        "Turn the speaker of the laptop off. Choose the headset as microphone. Move away from other phones",
        examples=("everybody hears themselves twice when I talk",),
    ),
    flow(
        "projector-hdmi",
        "Projector in the meeting room shows no picture",
        "projector, meeting room, no picture, hdmi",
        "Choose the right source on the remote control. Plug the cable in again. Press Windows and P",
    ),
    flow(
        "calendar-sync-phone",
        "Calendar on the phone is out of date",
        "calendar, phone, appointments, sync",
        "Pull down to refresh. Remove the account from the phone and add it again. Wait for ten minutes",
    ),
    flow(
        "spreadsheet-readonly",
        "Spreadsheet opens read-only",
        "spreadsheet, read-only, locked, excel",
        "See who else has the workbook open. Ask them to close it. Save a copy if they are away",
    ),
    flow(
        "vpn-timeout",
        "VPN times out while connecting from home",
        "vpn, time out, home office, connecting",
        "Check that the home internet works. Restart the VPN client. Try the hotspot of a phone",
    ),
    flow(
        "guest-network",
        "Guest network voucher for a visitor",
        "guest network, voucher, visitor, wifi",
        "Open the voucher page. Hand out one voucher a visitor. Let the visitor join the guest network",
    ),
    flow(
        "password-forgotten",
        "Forgotten password",
        "password, forgotten, reset, sign-in",
        "Make sure who is calling. Send the self-service link. Let them choose a new password",
    ),
    flow(
        "laptop-battery-drain",
        "Laptop battery drains fast",
        "battery, draining, laptop, power",
        "Lower the brightness. Look for programs that keep the processor busy. Print the battery report",
    ),
    flow(
        "onedrive-red-cross",
        "OneDrive shows a red cross and does not sync",
        "onedrive, red cross, sync, upload",
        "Pause and resume OneDrive. Look for names that are too long. Sign in to OneDrive again",
    ),
    flow(
        "blue-screen",
        "Blue screen after start-up",
        "blue screen, bsod, stop code",
        "Write down the stop code. Unplug everything. Start once more",
    ),
    flow(
        "voicemail-greeting",
        "Change the voicemail greeting",
        "voicemail, greeting, mailbox message",
        "Dial the voicemail number. Press 3 for greetings. Speak after the tone and press the hash key",
    ),
)

CALLS: tuple[tuple[str, str | None], ...] = (
    ("the door reader will not take my badge", "badge-reader"),
    ("badge stopped opening the back door", "badge-reader"),
    ("acces card not accepted at reception", "badge-reader"),
    ("side entrance won't let me in with my card", "badge-reader"),
    ("badge raeder dead", "badge-reader"),
    ("no receipts coming out at till 4", "till-receipt"),
    ("the receipt printer prints blank paper", "till-receipt"),
    ("reciept printer broken", "till-receipt"),
    ("till won't print recepits since lunch", "till-receipt"),
    ("label printer leaves every second label empty", "label-misfeed"),
    ("it keeps skipping labels", "label-misfeed"),
    ("lable printer needs calibrating", "label-misfeed"),
    ("printer on the second floor is offline", "office-printer-offline"),
    ("prnter ofline", "office-printer-offline"),
    ("can't print, it says offline", "office-printer-offline"),
    ("printers are shown as offline for all of us", "office-printer-offline"),
    ("there is an echo in my headset", "headset-echo"),
    ("customers hear themselves twice", "headset-echo"),
    ("humming noise during calls", "headset-echo"),
    ("hedset echos", "headset-echo"),
    ("meeting room projector stays black, no picture", "projector-hdmi"),
    ("projecter has no picture", "projector-hdmi"),
    ("the beamer, I mean the projector, does not see my hdmi cable", "projector-hdmi"),
    ("appointments missing in the calendar of my phone", "calendar-sync-phone"),
    ("calender on phone not syncing", "calendar-sync-phone"),
    ("phone calendar is days behind", "calendar-sync-phone"),
    ("excel says the spreadsheet is read-only", "spreadsheet-readonly"),
    ("spredsheet opens read only", "spreadsheet-readonly"),
    ("workbook is locked because someone has it open", "spreadsheet-readonly"),
    ("vpn times out", "vpn-timeout"),
    ("working from home and the vpn keeps timing out on connecting", "vpn-timeout"),
    ("vpn clinet hangs at connecting", "vpn-timeout"),
    ("visitor needs a voucher for the guest network", "guest-network"),
    ("guest wi-fi voucher", "guest-network"),
    ("we have visitors, how do they get on the guest wireless", "guest-network"),
    ("vistor vouchr please", "guest-network"),
    ("forgot my password", "password-forgotten"),
    ("he has forgotten his pasword and cannot sign in", "password-forgotten"),
    ("password reset", "password-forgotten"),
    ("pw reset for the new lady in accounts", "password-forgotten"),
    ("laptop battery is empty after an hour", "laptop-battery-drain"),
    ("batery draining so fast", "laptop-battery-drain"),
    ("my battery never lasts until noon", "laptop-battery-drain"),
    ("red cross on onedrive", "onedrive-red-cross"),
    ("one drive has stopped syncing my files", "onedrive-red-cross"),
    ("onedrvie upload stuck with red cross", "onedrive-red-cross"),
    ("blue screen every morning", "blue-screen"),
    ("BSOD with a stop code", "blue-screen"),
    ("bluescreen after starting", "blue-screen"),
    ("I want to record another greeting for my voicemail", "voicemail-greeting"),
    ("voice mail greetng is outdated", "voicemail-greeting"),
    ("change voicemail message", "voicemail-greeting"),
    ("the coffee machine leaks", None),
    ("when does the canteen open", None),
    ("my chair squeaks", None),
    ("the accounting package wants a new tax table", None),
    ("please order a new laptop for our trainee", None),
    ("can you install the drawing program for the architects", None),
    ("the lift is stuck between two floors", None),
    ("our web shop shows the wrong prices", None),
    ("all our documents are encrypted and there is a ransom note", None),
    ("we'd like a quote for ten monitors", None),
    ("salesperson wants access to the crm", None),
    ("need the holiday list for next year", None),
)
