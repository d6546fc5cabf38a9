"""The measurement of three readers on the same files, in small: ours gets nothing wrong, and it notices who does."""

import pytest

from support.reader_bench import Score, report, survey

BOOKS = 2


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_ours_loses_nothing_and_calamine_loses_the_error_cells() -> None:
    scores = survey(BOOKS, libreoffice=False)
    assert {kind for kind, _ in scores} == {"openpyxl’s .xlsx", "xlsxwriter’s .xlsx", "raw’s .xlsx"}
    for (_, reader), score in scores.items():
        assert score.cells > 300 and len(score.seconds) == BOOKS
        if reader == "ours":
            assert (score.lost, score.wrong, score.refused) == (0, 0, 0)
        elif reader == "calamine":
            assert score.lost == score.kinds["error"] > 0
    assert scores["raw’s .xlsx", "openpyxl"].kinds["date"] > 0, "built-in Chinese date formats are numbers to it"
    assert len(report(scores).splitlines()) == 2 + len(scores)


def test_a_lost_a_wrong_and_an_invented_cell_are_counted() -> None:
    score = Score()
    score.add({("表", "A1"): ("number", 1), ("表", "A2"): ("error", "#REF!"), ("表", "A3"): ("text", "甲")}, {
        ("表", "A1"): ("number", 2), ("表", "A3"): ("text", "甲"), ("表", "B9"): ("text", "乙"),
    })  # fmt: skip
    assert (score.cells, score.lost, score.wrong) == (3, 1, 2)
    assert score.kinds == {"number": 1, "error": 1, "nothing there": 1}
