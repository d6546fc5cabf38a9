"""Every id a check may give, and the one place where findings are made. The lines themselves live beside the rules they
belong to: format_catalogue.py (F-), text_catalogue.py (T- and N-) and rendered_catalogue.py (R-).
"""

from collections.abc import Mapping

from yaoxun.briefings.lint.format_catalogue import FORMAT
from yaoxun.briefings.lint.model import Finding, Rule
from yaoxun.briefings.lint.rendered_catalogue import RENDERED
from yaoxun.briefings.lint.text_catalogue import TEXT

RULES: Mapping[str, Rule] = {**FORMAT, **TEXT, **RENDERED}
_LONGEST_EXCERPT = 40


def found(
    id: str, problem: str, *, expected: str = "", measured: str = "", paragraph: int | None = None, page: int | None = None,
    excerpt: str = "", remedy: str = "",
) -> Finding:  # fmt: skip
    """A finding of a known rule; its tier, clause and (unless given) remedy come from the catalogue."""
    rule = RULES[id]
    shown = excerpt if len(excerpt) <= _LONGEST_EXCERPT else excerpt[: _LONGEST_EXCERPT - 1] + "…"
    return Finding(
        id=id, tier=rule.tier, clause=rule.clause, problem=problem, expected=expected, measured=measured, page=page,
        paragraph=paragraph, excerpt=shown, remedy=remedy or rule.remedy,
    )  # fmt: skip
