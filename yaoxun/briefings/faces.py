"""What the faces of a document lack: characters outside GB2312 and emoji, told with what to write instead before the file is
printed. The same rules as the check of a finished file (lint/text_words.py).
"""

from collections.abc import Iterator

from yaoxun.briefings.lint.habits import Habits
from yaoxun.briefings.lint.text_reading import Line, masked
from yaoxun.briefings.lint.text_words import characters
from yaoxun.briefings.model import Issue, Run, legal, map_runs, text_of


def lacking(issue: Issue, habits: Habits) -> Iterator[str]:
    """A sentence for each such character, once, in reading order."""
    told = set[str]()
    for text in dict.fromkeys(map(legal, _texts(issue))):
        for finding in characters(Line(number=0, role="body", text=text, plain=masked(text)), habits):
            if finding.measured not in told:
                told.add(finding.measured)
                yield f"{finding.problem}{finding.remedy}（“{finding.excerpt}”）"


def _texts(issue: Issue) -> list[str]:
    """Everything that is printed."""
    texts = [issue.masthead.name, issue.masthead.issuer, issue.title]

    def keep(runs: tuple[Run, ...]) -> tuple[Run, ...]:
        texts.append(text_of(runs))
        return runs

    for block in issue.blocks:
        map_runs(block, keep)
    texts += [name for _, names in issue.colophon.rows for name in names]
    return [*texts, issue.colophon.editor]
