"""The habits of an office that the check of a document asks for: report_templates/lint.yaml, closed and frozen. Words and
characters are data; what is done with them stands in text_words.py.
"""

from pathlib import Path

from pydantic import Field, field_validator

from yaoxun.briefings.lint.catalogue import RULES
from yaoxun.home import shipped
from yaoxun.settings import Closed, load_settings

FILE = "lint.yaml"


class Word(Closed):
    """A way of writing that is always wrong. `within` lists longer words in which the same characters are right."""

    wrong: str = Field(min_length=2)
    right: str
    within: tuple[str, ...] = ()


class Habits(Closed):
    """`phrases`: ways of writing one set phrase, of which a document uses one. `words`: wrong words. `characters`: what to
    write in place of a character. `never_twice`: words that never stand twice in a row. `not_checked`: rules not applied."""

    phrases: tuple[tuple[str, ...], ...] = ()
    words: tuple[Word, ...] = ()
    characters: dict[str, str] = {}
    never_twice: tuple[str, ...] = ()
    not_checked: frozenset[str] = frozenset()

    @field_validator("phrases")
    @classmethod
    def _told_apart(cls, value: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        for ways in value:
            if len(ways) < 2 or any(a != b and a in b for a in ways for b in ways) or "" in ways:
                raise ValueError(f"“{'、'.join(ways)}”应为两种以上写法，且一种不能是另一种的一部分")
        return value

    @field_validator("characters")
    @classmethod
    def _single(cls, value: dict[str, str]) -> dict[str, str]:
        for char in value:
            if len(char) != 1:
                raise ValueError(f"“{char}”不是一个字；词请写在 words 里")
        return value

    @field_validator("not_checked")
    @classmethod
    def _known(cls, value: frozenset[str]) -> frozenset[str]:
        for name in sorted(value - set(RULES)):
            raise ValueError(f"没有编号为“{name}”的规则")
        return value


def load_habits(templates: Path) -> Habits:
    """The habits of report_templates/lint.yaml; the shipped ones where an office has no such file. Raises ConfigError."""
    path = templates / FILE
    return load_settings(path if path.is_file() else shipped("report_templates") / FILE, Habits)
