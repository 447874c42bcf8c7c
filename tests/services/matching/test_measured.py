from services.matching.measured import Answer, Label, Share, measured, rows

LABELS = [
    Label("1", "jam", frozenset({"jam"}), "terse", "printer"),
    Label("2", "echo", frozenset({"echo", "humming"}), "terse"),
    Label("3", "smoke", frozenset({"gone"})).within({"jam", "echo", "humming"}),
    Label("4", "lunch", frozenset()),
]
ANSWERS = [
    Answer(("jam", "echo"), True, "printer", 1.0),
    Answer(("jam", "humming"), True, "unknown", 2.0),
    Answer(("jam",), True, "unknown", 3.0),
    Answer((), False, "unknown", 4.0),
]


def test_starts_are_right_wrong_or_for_what_no_flow_covers() -> None:
    made = measured(LABELS, ANSWERS, flows=3, hybrid=False)
    assert (made.recall[1], made.recall[3]) == (Share(1, 2), Share(2, 2))
    assert (made.precision, made.coverage, made.false_starts) == (Share(1, 3), Share(1, 2), Share(1, 2))
    assert made.by_kind == {"terse": Share(1, 2)}
    assert made.categories == Share(1, 1)
    assert (made.median_ms, made.p99_ms) == (2.0, 4.0)
    assert made.worst == (("echo", "jam"), ("smoke", "jam"))


def test_of_no_sentence_there_is_no_share() -> None:
    made = measured([], [], flows=0, hybrid=False)
    assert made.precision.value is None
    assert ("of what starts by itself, right", "no such sentence") in rows(made)


def test_the_interval_of_few_is_wide() -> None:
    low, high = Share(9, 10).interval or (0.0, 0.0)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
