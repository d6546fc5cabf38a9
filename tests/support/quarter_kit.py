"""The demo's quarter played through plain use cases: no engine, no mail server."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tasks.config import import_config
from tasks.cut import make_cut
from tasks.desk import load_config, open_desk
from tasks.documents import list_documents
from tasks.draft import draft
from tasks.import_history import import_history
from tasks.issue_templates import issue_templates
from tasks.judge import Judged, judge_batch, waiting
from tasks.remind import remind
from tasks.send import send
from tasks.sign import sign
from tasks.take_in import take_in
from yaoxun.context import Context, parse_now
from yaoxun.demo.history import write_history
from yaoxun.demo.play import HISTORY, SIGNER, prepare
from yaoxun.demo.quarter import Desks, act
from yaoxun.demo.story import make_story
from yaoxun.home import Home

MARCH, END = "2023-03", "2023-04-06T09:05"


def at(home: Home, now: str, actor: str = "bgs") -> Context:
    return Context(home=home, actor=actor, occasion=now, fixed_now=parse_now(now))


@dataclass
class PlainStage:
    """Every use case called as it is; what was said and judged is kept."""

    home: Home
    judged: list[Judged] = field(default_factory=list)
    reminded: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def say(self, text: str) -> None:
        del text

    def issue(self, period: str, now: str) -> None:
        issue_templates(at(self.home, now), period)

    def collect(self, now: str) -> None:
        take_in(at(self.home, now))
        self.judged += judge_batch(at(self.home, now), waiting(at(self.home, now))).judged

    collect_through_server = collect

    def remind(self, now: str) -> None:
        self.reminded[now] = remind(at(self.home, now)).organisations

    def deliver(self, now: str) -> None:
        send(at(self.home, now))

    def draft(self, kind: str, period: str, now: str) -> None:
        draft(at(self.home, now), kind, period)

    def sign(self, now: str) -> None:
        ctx = at(self.home, now, SIGNER)
        sign(ctx, list_documents(ctx)[-1].number)


@dataclass(frozen=True)
class Played:
    """A home after the quarter, and what the stage kept."""

    home: Home
    stage: PlainStage

    def copied(self, root: Path) -> Home:
        """The same home elsewhere, for a test that changes it."""
        shutil.copytree(self.home.root, root)
        return Home(root)


def play_quarter(root: Path) -> Played:
    home = prepare(root)
    import_config(at(home, "2023-01-03T09:00"))
    office, story = load_config(home).office, make_story()
    write_history(home.root / HISTORY, story, office)
    import_history(at(home, "2023-01-04T09:00"), home.root / HISTORY)
    stage = PlainStage(home)
    act(stage, Desks(home=home, office=office, story=story))
    return Played(home, stage)


def figure(home: Home, name: str, now: str = END, known_at: str = "") -> int:
    """A figure of March as it comes out at a time, or as it was known earlier."""
    with open_desk(at(home, now)) as desk, desk.store.read() as conn:
        moment = parse_now(known_at or now)
        assert moment is not None
        value = make_cut(desk, conn, desk.office.period(MARCH), moment).computed.values[name][0]
        assert value.number is not None
        return int(value.number)


def bulletin_text(home: Home, document: int) -> str:
    """What the newest file of a document says."""
    import docx

    number = next(row for row in list_documents(at(home, END)) if row.number == document)
    found = sorted(home.documents.glob(f"*-{document}-{number.version}.docx")) or sorted(home.documents.glob("*.docx"))
    return "\n".join(paragraph.text for paragraph in docx.Document(str(found[-1])).paragraphs)
