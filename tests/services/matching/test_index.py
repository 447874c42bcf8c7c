import pytest

from services.matching.index import Index
from services.matching.spelling import Speller
from tests.services.matching.library import FLOWS, flow


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(FLOWS)


def score(index: Index, text: str) -> float:
    return index.match(text).candidates[0].score


def test_words_that_no_flow_knows_lower_the_score(index: Index) -> None:
    plain = score(index, "projector shows no picture")
    diluted = score(index, "projector shows no picture of the Salesforce quarterly pipeline dashboard")
    assert diluted < 0.75 * plain


def test_words_that_tell_nothing_do_not(index: Index) -> None:
    assert score(index, "Hello, please help me, since yesterday the projector has no picture again") == pytest.approx(
        score(index, "projector no picture")
    )


@pytest.mark.parametrize("text", ["projectro", "porjector", "projetor", "projectorr", "prohector"])
def test_one_slip_is_repaired(index: Index, text: str) -> None:
    best = index.match(f"{text} no picture").candidates[0]
    assert best.slug == "projector-hdmi"
    assert best.why[-1] == text


def test_a_repaired_word_counts_for_less_than_a_right_one(index: Index) -> None:
    assert (
        score(index, "spreadsheet readonly")
        > score(index, "spreadshete readonly")
        > score(index, "spraedshete readonly")
    )


def test_a_word_of_the_library_is_never_repaired() -> None:
    index = Index.build(
        [flow("tiles", "Tiles are loose", "tiles", "Look."), flow("files", "Files are gone", "files", "Look.")]
    )
    assert [each.slug for each in index.match("tiles").candidates] == ["tiles"]


@pytest.mark.parametrize("text", ["the weather is grey", "hatter", "later", "a letter"])
def test_an_ordinary_word_is_never_taken_for_a_misspelling(text: str) -> None:
    index = Index.build([flow("battery", "Battter ladder gray whether", "better", "Look.")])
    assert index.match(text).candidates == ()


@pytest.mark.parametrize(
    "text", ["the one drive sync", "the one-drive sync", "the OneDrive sync", "ONEDRIVE’s sync", "onedrivesync"]
)
def test_a_word_is_one_however_it_is_written(index: Index, text: str) -> None:
    assert index.match(text).candidates[0].slug == "onedrive-red-cross"
    assert index.match(text).decision == "matched"


def test_why_is_in_the_callers_own_words_most_telling_first(index: Index) -> None:
    best = index.match("Umm, the PROJECTER in our Meeting-Room: no picture!").candidates[0]
    assert best.slug == "projector-hdmi"
    assert set(best.why) == {"PROJECTER", "Meeting", "Room", "picture"}
    shared = index.match("printer labels").candidates[0]
    assert shared.why == ("labels", "printer")


def test_five_candidates_at_most_best_first_whatever_the_decision(index: Index) -> None:
    verdict = index.match("printer phone battery screen password network")
    scores = [each.score for each in verdict.candidates]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= each <= 1 for each in scores)
    faint = index.match("somebody watered the ficus beside the network rack with lemonade, sticky carpets everywhere")
    assert faint.decision == "none"
    assert faint.candidates


def test_two_flows_that_fit_equally_are_suggested_not_started() -> None:
    index = Index.build(
        [
            flow("dock-north", "Dock in the north wing", "dock, charging", "Look."),
            flow("dock-south", "Dock in the south wing", "dock, charging", "Look."),
            *FLOWS,
        ]
    )
    verdict = index.match("dock charging")
    assert verdict.decision == "suggest"
    assert [each.slug for each in verdict.candidates[:2]] == ["dock-north", "dock-south"]
    assert verdict.candidates[0].score == verdict.candidates[1].score


def test_the_order_in_which_flows_come_changes_nothing(index: Index) -> None:
    text = "printer offline in the meeting room"
    assert Index.build(reversed(FLOWS)).match(text) == index.match(text)


def test_what_callers_said_before_is_learnt_from() -> None:
    learnt = flow("headset-echo", "Echo", "echo", "Look.", examples=("it sounds like a cathedral",))
    forgetful = flow("headset-echo", "Echo", "echo", "Look.")
    others = [each for each in FLOWS if each.slug != "headset-echo"]
    text = "sounds like a cathedral"
    assert Index.build([learnt, *others]).match(text).decision == "matched"
    assert Index.build([forgetful, *others]).match(text).decision != "matched"


def test_the_summary_is_read_too() -> None:
    index = Index.build([flow("kiln", "Oven", "oven", "Look.", summary="Pottery glaze cracks."), *FLOWS])
    assert index.match("pottery glaze").candidates[0].slug == "kiln"


@pytest.mark.parametrize("text", ["", "   \n\t", "the and of", "😀😀😀", "\x1b[2J\x00\x07", "؟؟؟", "'''", "%s%n{}"])
def test_a_text_that_tells_nothing_finds_nothing(index: Index, text: str) -> None:
    verdict = index.match(text)
    assert verdict.decision == "none"
    assert verdict.candidates == ()


def test_an_empty_library_finds_nothing() -> None:
    verdict = Index.build([]).match("printer offline")
    assert (verdict.decision, verdict.candidates) == ("none", ())


def test_a_library_of_one_flow_does_not_start_it_for_a_passing_word() -> None:
    index = Index.build([flow("vpn", "VPN does not connect", "vpn", "Restart the client.")])
    assert index.match("vpn connect").candidates[0].slug == "vpn"
    assert index.match("the vending machine ate my money while I waited for the vpn").decision != "matched"


@pytest.mark.parametrize(
    "text",
    [
        "projector " * 120_000,
        "x" * 1_000_000,
        "".join(chr(0x4E00 + n % 5000) for n in range(4000)),
        " ".join(f"projct{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}r" for n in range(600)),
        "\u202e\ufdfa" * 2000 + "projector",
        "a-" * 2000,
    ],
    ids=[
        "megabyte of one word",
        "megabyte without a blank",
        "ideographs",
        "hundreds of misspellings",
        "expanding",
        "hyphens",
    ],
)
def test_hostile_texts_are_answered(index: Index, text: str) -> None:
    verdict = index.match(text)
    assert verdict.decision in ("matched", "suggest", "none")
    assert all(len(word) <= 100 for each in verdict.candidates for word in each.why)


def test_nothing_but_the_words_themselves_reaches_why() -> None:
    index = Index.build(FLOWS)
    best = index.match("pro\x1b[31mjector \x07projector\x1b[0m [bold]picture[/bold]").candidates[0]
    assert best.slug == "projector-hdmi"
    assert all(word.isalnum() for word in best.why)


def test_common_words_of_a_big_library_still_decide_between_the_leading_flows() -> None:
    """Past a limit common words are looked up for the leading flows only; the order must not suffer."""
    many = [flow(f"f{n:05}", f"Terminal {n % 7} beeps code{n % 50}", "terminal", "Reboot.") for n in range(9_000)]
    wanted = flow("zz", "Terminal beeps twice code7", "terminal", "Reboot.")
    best = Index.build([*many, wanted]).match("terminal 3 beeps reboot twice code7").candidates[0]
    assert best.slug == "zz"


def test_so_many_words_are_searched_for_and_no_more(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []

    def noted(_: Speller, word: str) -> None:
        searched.append(word)

    monkeypatch.setattr(Speller, "repair", noted)
    unknown = [f"q{first}{second}zzx" for first in "abcdefgh" for second in "abcdefgh"]
    index.match(" ".join(unknown))
    assert 0 < len(searched) < len(unknown)
