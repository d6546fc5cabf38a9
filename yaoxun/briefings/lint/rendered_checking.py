"""The check of a document's rendered pages in a child, as data that JSON can carry. What is checked stands in rendered.py."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from yaoxun.briefings.lint.habits import Habits
from yaoxun.briefings.lint.model import Finding, Report
from yaoxun.briefings.lint.opening import open_file
from yaoxun.briefings.lint.reading import read_word
from yaoxun.briefings.lint.rendered import pages_of, rendered_findings
from yaoxun.briefings.lint.wording import text_of
from yaoxun.briefings.measuring import measure_pdf
from yaoxun.briefings.profile import FormatProfile
from yaoxun.sheets.limits import Limits


def rendered_plain(
    path: str, pdf: str, limits: Mapping[str, Any], profile: Mapping[str, Any], habits: Mapping[str, Any]
) -> dict[str, Any]:
    """What a child runs, of a document that has passed the check of its file, and of its PDF."""
    bounds, look = Limits.model_validate(limits), FormatProfile.model_validate(profile)
    text = text_of(read_word(open_file(Path(path), bounds), bounds, look.masthead.name))
    pages = measure_pdf(Path(pdf).read_bytes())
    found = rendered_findings(pages, text, look)
    kept = [asdict(finding) for finding in found if finding.id not in Habits.model_validate(habits).not_checked]
    return {
        "findings": kept,
        "count": len(pages),
        "pages": [list(place) for place in pages_of(pages, text, look).items()],
    }


def with_rendered(report: Report, plain: Any) -> Report:
    """A report of the file with the child's answer: its findings added, and the page of each finding filled in. Raises
    TypeError, ValueError or KeyError for an answer that a child gave which a file has taken over."""
    places = {int(number): int(page) for number, page in plain["pages"]}
    rendered = [Finding(**one) for one in plain["findings"]]
    own = [replace(finding, page=places.get(finding.paragraph or 0)) for finding in report.findings]
    return Report(findings=_in_order([*own, *rendered]), pages=int(plain["count"]))


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: (finding.paragraph or 0, finding.id)))
