"""The check of a document: read, measured against a profile, its wording looked through. `lint_docx` is the whole of it;
`lint_plain` is the same in a child, with plain arguments and a plain result. No rule stands here.
"""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from yaoxun.briefings.lint.format_colophon import check_colophon
from yaoxun.briefings.lint.format_file import check_file
from yaoxun.briefings.lint.format_masthead import check_masthead
from yaoxun.briefings.lint.format_page import check_page
from yaoxun.briefings.lint.format_structure import check_structure
from yaoxun.briefings.lint.format_tables import check_tables
from yaoxun.briefings.lint.format_wants import check_wants
from yaoxun.briefings.lint.habits import Habits
from yaoxun.briefings.lint.model import Finding, Report
from yaoxun.briefings.lint.opening import WordPackage, about_word, open_file, open_word
from yaoxun.briefings.lint.reading import read_word
from yaoxun.briefings.lint.text_rules import text_findings
from yaoxun.briefings.lint.wording import text_of
from yaoxun.briefings.profile import FormatProfile
from yaoxun.errors import RequestError
from yaoxun.home import shipped
from yaoxun.sheets.limits import Limits, load_limits
from yaoxun.sheets.model import Refusal
from yaoxun.sheets.refusals import Unreadable, refusal

_NOT_RENDERED = "只查了文件，没有排版"
_CHECKS = (check_page, check_masthead, check_wants, check_structure, check_tables, check_colophon, check_file)
_SAME_BLANKS = frozenset({"T-space-han", "T-space-ends"})  # F-SPACES has told of these blanks already
# What is broken more often is broken everywhere, and told once.
_EACH = 2
_PLACES = 3
_KINDS_SHOWN = 3


def lint_docx(data: bytes, profile: FormatProfile, habits: Habits, limits: Limits | None = None) -> Report:
    """Everything but the rendered page, by the shipped limits unless told otherwise. Raises RequestError for what cannot
    be read."""
    limits = limits or load_limits(shipped("config"))
    try:
        return _check(open_word(io.BytesIO(data), limits), profile, habits, limits)
    except Unreadable as err:
        told = about_word(err.refusal)
        raise RequestError(told.sentence, told.remedy) from err


def lint_plain(
    path: str, limits: Mapping[str, Any], profile: Mapping[str, Any], habits: Mapping[str, Any]
) -> dict[str, Any]:
    """What a child runs: `lint_docx` of any file, as data that JSON can carry."""
    bounds = Limits.model_validate(limits)
    try:
        found = _check(
            open_file(Path(path), bounds), FormatProfile.model_validate(profile), Habits.model_validate(habits), bounds
        )
    except Unreadable as err:
        told = about_word(err.refusal)
        return {"refusal": [told.code, told.sentence, told.remedy]}
    return {"findings": [asdict(finding) for finding in found.findings]}


def from_plain(plain: Any) -> Report | Refusal:
    """A child's answer, or what became of the child."""
    if isinstance(plain, Refusal):
        return about_word(plain)
    try:
        if "refusal" in plain:
            return Refusal(*map(str, plain["refusal"]))
        return Report(findings=tuple(Finding(**one) for one in plain["findings"]), not_rendered=_NOT_RENDERED)
    except (TypeError, KeyError):
        return about_word(refusal("died"))  # only a child that a file has taken over would answer so


def _check(package: WordPackage, profile: FormatProfile, habits: Habits, limits: Limits) -> Report:
    document = read_word(package, limits, profile.masthead.name)
    found: list[Finding] = []
    for check in _CHECKS:
        found += check(document, profile)
    laid_out = {finding.paragraph for finding in found if finding.id == "F-SPACES"}
    wording = text_findings(text_of(document), habits)
    found += (f for f in wording if not (f.id in _SAME_BLANKS and f.paragraph in laid_out))
    kept = [finding for finding in found if finding.id not in habits.not_checked]
    return Report(findings=tuple(sorted(told_once(kept), key=_place)), not_rendered=_NOT_RENDERED)


def _place(finding: Finding) -> tuple[int, str]:
    return (finding.paragraph or 0, finding.id)


def told_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """A rule of format that is broken in many places becomes one finding with a count and the first of them."""
    by_id: dict[str, list[Finding]] = {}
    for finding in findings:
        by_id.setdefault(finding.id, []).append(finding)
    for id, same in by_id.items():
        if len(same) <= _EACH or not id.startswith("F-"):
            yield from same
            continue
        places = "、".join(str(f.paragraph) for f in same[:_PLACES])
        measured = [kind for kind, _ in Counter(f.measured for f in same).most_common(_KINDS_SHOWN)]
        yield replace(
            same[0], problem=f"{same[0].problem.rstrip('。')}（共 {len(same)} 处，先见于第 {places} 段）。",
            measured="；".join(measured),
        )  # fmt: skip
