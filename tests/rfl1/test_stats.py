"""The numbers of the account, as a script and as a person read them."""

from tests.rfl1.conftest import Run


def test_what_the_model_has_cost_is_told_where_none_is_set_up(store: str, run: Run) -> None:
    told = run("stats", "--json")
    model = told.json["model"]
    assert (told.status, model["calls"], model["tokens"], model["cost_usd"], model["by_purpose"]) == (0, 0, 0, 0.0, {})
    assert (model["sessions"], model["cost_usd_per_session"], model["dearest"]) == (0, None, [])
    assert (model["hour_budget_usd"], model["session_budget_usd"]) == (2.0, 0.25)
    assert "model: never asked" in run("stats").out


def test_the_handle_time_says_what_it_counts(store: str, run: Run) -> None:
    assert "handle time, from the start until passed on or resolved: - median, - mean" in run("stats").out
    assert "until it was passed on" in " ".join(run("stats", "--help").out.split())


def test_weeks_and_one_flow_are_told_too(store: str, run: Run) -> None:
    told = run("stats", "--json", "--weeks", "3").json
    assert [week["ended"] for week in told["weeks"]] == [0, 0, 0]
    assert (told["reopened"], told["uncounted"]) == (0, 0)
    assert run("stats", "--weeks", "0").status == 2
    record = run("stats", "--flow", "printer-offline", "--json").json
    assert (record["slug"], record["versions"], record["whole"]["reached"]) == ("printer-offline", [1], 0)
    missing = run("stats", "--flow", "nothing")
    assert (missing.status, "no flow" in missing.err) == (1, True)


def test_counting_again_says_when_it_is_done(store: str, run: Run) -> None:
    told = run("stats", "--recount", "--json")
    assert (told.status, told.json["ended"], "Counted." in told.err) == (0, 0, True)
