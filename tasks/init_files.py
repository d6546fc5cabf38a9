"""The files of a new office: each shipped one with what the office said in place of the sample. Used by init_home.py."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaoxun
from tasks.init_organisations import USUAL_KIND, NewOrganisation
from tasks.init_text import inline, with_block, with_values, without_sample_talk
from yaoxun.home import Home
from yaoxun.office.settings import ORGANISATION_KINDS, AssignmentsFile, ListFile
from yaoxun.settings import load_settings, load_yaml

if TYPE_CHECKING:
    from tasks.init_home import Answers

STARTER = Path(yaoxun.__file__).parent / "starter"
COLLECTOR, ISSUER = "bangongshi", "fawen"
KIND, FOLDER = "简报", "jianbao"
_PLACEHOLDER = NewOrganisation(name="示例单位01（请改成自己的单位）", short="示例单位01")
# When the bulletin of each kind of period is drafted: when its returns are in.
_DRAFTS = {
    "week": "0 9 * * 5",
    "month": "0 9 6 * *",
    "quarter": "0 9 12 1,4,7,10 *",
    "half": "0 9 12 1,7 *",
    "year": "0 9 12 1 *",
}
# The same where a month's data run to its end, and it is due in the next one.
_MONTH_END_DRAFT = "0 9 12 * *"
_NAMES = {"week": "每周", "month": "每月", "quarter": "每季", "half": "每半年", "year": "每年"}


def write_office(home: Home, answers: "Answers", steps: Sequence[str]) -> None:
    """Change the shipped files under `home` in place, and add 说明.md."""
    office = _Office(home, answers)
    if not answers.sample:
        office.empty()
    elif answers.name:
        office.change("office.yaml", {"name": answers.name})
    office.mail()
    kind = "要讯" if answers.sample else KIND
    text = (STARTER / "说明.md").read_text(encoding="utf-8")
    listed = "\n".join(f"{n}. {step}" for n, step in enumerate(steps, 1))
    filled = text.replace("{name}", answers.name or "示例办公室").replace("{steps}", listed).replace("{kind}", kind)
    (home.root / "说明.md").write_text(filled, encoding="utf-8")


class _Office:
    """The files of one new office while they are written."""

    def __init__(self, home: Home, answers: "Answers") -> None:
        self.config, self.templates, self.answers = home.config, home.templates, answers
        self.reporting = _coded(answers.organisations or (_PLACEHOLDER,))
        kinds = {one.kind for one in self.reporting}
        # A kind of its own, so that the figure of reporting organisations does not count the office itself.
        self.own_kind = next(kind for kind in ("本级部门", "市", "省", "县", "开发区", USUAL_KIND) if kind not in kinds)
        self.collector = answers.collector or answers.name
        self.issuer = answers.issuer or self.collector
        self.issuer_code = COLLECTOR if self.issuer == self.collector else ISSUER

    def change(self, file: str, values: dict[str, Any]) -> None:
        self._put(file, with_values(self._get(file), values))

    def _get(self, file: str) -> str:
        return (self.config / file).read_text(encoding="utf-8")

    def _put(self, file: str, text: str) -> None:
        (self.config / file).write_text(text, encoding="utf-8")

    def empty(self) -> None:
        """Everything of the sample replaced by what the office said."""
        answers = self.answers
        self.change("office.yaml", {"name": answers.name, "collector": COLLECTOR, "issuer": self.issuer_code,
                                    "pilot_start": answers.pilot_start})  # fmt: skip
        if answers.records_from:
            self._put("office.yaml", self._get("office.yaml").rstrip() + f"\nrecords_from: {answers.records_from}\n")
        self.change("notices.yaml", {"signature": answers.name})
        self._periods()
        self._organisations()
        self._people()
        self._tables()
        self._bulletin()
        for path in self.config.glob("*.yaml"):
            path.write_text(without_sample_talk(path.read_text(encoding="utf-8")), encoding="utf-8")

    def _periods(self) -> None:
        """The day that data run to, the same for months and longer; where it is after the usual due day, a month is due on
        a working day of the next one."""
        day, text = self.answers.data_to, self._get("periods.yaml")
        text = text.replace("data_to: 25", f"data_to: {day}")
        if self._is_late_month():
            text = text.replace('due: {day: 28, at: "17:30"}', 'due: {after: 1, workday: 3, at: "17:30"}')
        self._put("periods.yaml", text)

    def _is_late_month(self) -> bool:
        return self.answers.data_to >= 28

    def _organisations(self) -> None:
        entries = [{"code": COLLECTOR, "name": self.collector, "kind": self.own_kind}]
        if self.issuer_code == ISSUER:
            entries.insert(0, {"code": ISSUER, "name": self.issuer, "kind": self.own_kind})
        for one in self.reporting:
            short = {"short": one.short} if one.short else {}
            entries.append({"code": one.code, "name": one.name, **short, "kind": one.kind})
        lines = [f"- {inline(entry)}" for entry in entries]
        text = with_block(self._get("organisations.yaml"), "organisations", lines)
        further = [kind for kind in dict.fromkeys(one.kind for one in self.reporting) if kind not in ORGANISATION_KINDS]
        if further:
            text = text.replace("\norganisations:", f"\nkinds: {inline(further)}\n\norganisations:", 1)
        self._put("organisations.yaml", text)

    def _people(self) -> None:
        text = with_values(self._get("people.yaml"), {"valid_from": self.answers.pilot_start})
        posts = (("bgs", "经办岗", ["经办人", "登记人"]), ("ngr", "拟稿岗", ["拟稿人"]), ("hgr", "核稿岗", ["核稿人"]),
                 ("qfr", "签发岗", ["签发人"]))  # fmt: skip
        org = self.issuer_code
        staff = [
            f"- {inline({'login': login, 'org': org, 'title': title, 'roles': roles})}" for login, title, roles in posts
        ]
        text = with_block(text, "staff", staff, until="contacts")
        lines = []
        for one in self.reporting:
            kinds = {kind: mail for kind, mail in (("A岗", one.mail), ("B岗", one.second)) if mail}
            if kinds:
                lines.append(f"{one.code}: {inline(kinds)}")
        text = with_block(text, "contacts", lines)
        self._put("people.yaml", text if lines else text.replace("contacts: []", "contacts: {}"))

    def _tables(self) -> None:
        """The chosen tables, the lists they need, and who owes them. A list whose entries belong to organisations of the
        sample is kept without them."""
        chosen = self.answers.tables
        lists: set[str] = set()
        for path in sorted((self.config / "forms").glob("*.yaml")):
            if path.stem in chosen:
                lists |= _lists_of(load_yaml(path))
            else:
                path.unlink()
        files = {path: load_settings(path, ListFile) for path in (self.config / "lists").glob("*.yaml")}
        for _ in files:  # a list may hold words of another list
            lists |= {a.holds for path, f in files.items() if path.stem in lists for a in f.attributes.values()}
        for path, file in files.items():
            if path.stem not in lists:
                path.unlink()
            elif any(a.holds.startswith("organisation") for a in file.attributes.values()):
                path.write_text(with_block(path.read_text(encoding="utf-8"), "entries", ()), encoding="utf-8")
        self._put("assignments.yaml", with_block(self._get("assignments.yaml"), "assignments", self._assignments()))

    def _assignments(self) -> list[str]:
        usual = {
            table: a.duty
            for a in load_settings(self.config / "assignments.yaml", AssignmentsFile).assignments
            for table in a.tables
        }
        grouped: dict[tuple[str, str], list[str]] = {}
        for table in self.answers.tables:
            period = load_yaml(self.config / "forms" / f"{table}.yaml")["period"]
            grouped.setdefault((period, usual.get(table, "有则报")), []).append(table)
        return [
            f"- {inline({'orgs': 'all', 'tables': tables, 'period': period, 'duty': duty})}"
            for (period, duty), tables in grouped.items()
        ]

    def _bulletin(self) -> None:
        """A kind of document of a few lines, with figures for what there is."""
        kinds = list(dict.fromkeys(one.kind for one in self.reporting))
        figures = [
            f"units_total: {inline({'name': '报送单位', 'unit': '家', 'size_of': 'organisations', 'where': {'kind': kinds}})}"
        ]
        story = (STARTER / "narrative.md.j2").read_text(encoding="utf-8")
        for table in self.answers.tables:
            title = load_yaml(self.config / "forms" / f"{table}.yaml")["title"]
            name = f"entries_{table}"
            figures.append(f"{name}: {inline({'name': title, 'unit': '条', 'count': table})}")
            story += f"{title}{{{{ 覆盖('{name}') }}}}{{% if 有('{name}') %}}，累计{{{{ 数量('{name}') }}}}{{% endif %}}。\n\n"
        if not self.answers.tables:
            story += "报表和指标配好之后，在这里写本期的情况。\n"
        self._put("figures.yaml", with_block(self._get("figures.yaml"), "figures", figures))
        (self.templates / "yaoxun").rename(self.templates / FOLDER)
        (self.templates / FOLDER / "narrative.md.j2").write_text(story, encoding="utf-8")
        profiles = self.templates / "profiles"
        own = with_values((profiles / "yaoxun.yaml").read_text(encoding="utf-8"), {"name": "工作简报"})
        (profiles / f"{FOLDER}.yaml").write_text(own.replace("晋团要讯", "简报"), encoding="utf-8")
        (profiles / "yaoxun.yaml").unlink()
        (profiles / "tongbao.yaml").unlink()
        shutil.rmtree(self.templates / "tongbao")
        self._put("briefings.yaml", with_block(self._get("briefings.yaml"), "kinds", self._kind()))
        self._schedule()

    def _kind(self) -> list[str]:
        return [
            f"{KIND}:",
            f"  folder: {FOLDER}",
            f"  issuer: {inline(self.issuer)}",
            f"  periods: {inline(list(self.answers.periods))}",
            "  series: 工作简报",
            "  # 每年从哪一号开始，如 {2023: 4}；没写的年份从 1 开始。",
            "  first_numbers: {}",
            "  # 谁能签发：config/people.yaml 里有这个角色的人。",
            "  signed_by: 签发人",
            "  # 版记。写了 mail 的，签发后按此投递；没写的只印在版记上，如 {name: 省委办公厅, mail: a@sheng.example}。",
            "  colophon:",
            "    - {mark: 发, to: [{name: 各报送单位}]}",
        ]

    def _schedule(self) -> None:
        first = self.answers.periods[0]
        text = self._get("schedules.yaml")
        start = text.index("  - name: 每月要讯起草")
        stop = text.index("\n\n  - name: 随时取号分发", start)
        cron = _MONTH_END_DRAFT if first == "month" and self._is_late_month() else _DRAFTS[first]
        lines = [f"  - name: {_NAMES[first]}{KIND}起草          # 报送截止与补报之后", "    flow: drafting",
                 f'    cron: "{cron}"', f"    parameters: {{kind: {KIND}}}", "    missed: each"]  # fmt: skip
        self._put("schedules.yaml", text[:start] + "\n".join(lines) + text[stop:])

    def mail(self) -> None:
        """Where mail goes; the sample's sender is kept where nothing was said."""
        answers = self.answers
        if answers.mail == "smtp":
            user = answers.smtp_user or answers.mail_from
            self.change("mail.yaml", {"enabled": True, "host": answers.smtp_host, "user": user, "from_name": answers.name,
                                      "from_address": answers.mail_from, "domain": answers.mail_from.rpartition("@")[2]})  # fmt: skip
        elif not answers.sample:
            self.change("mail.yaml", {"enabled": False, "from_name": answers.name})


def _coded(organisations: Sequence[NewOrganisation]) -> list[NewOrganisation]:
    """Every organisation with a code: its own, or danwei01 and so on."""
    taken, coded, number = {one.code for one in organisations} | {COLLECTOR, ISSUER}, [], 0
    for one in organisations:
        code = one.code
        while not code:
            number += 1
            code = f"danwei{number:02d}" if f"danwei{number:02d}" not in taken else ""
        coded.append(replace(one, code=code))
    return coded


def _lists_of(form: Any) -> set[str]:
    """Names of the lists that a form's definition uses."""
    found = {column.get("list", "") for column in form.get("columns", ())}
    return (found | {(form.get("rows") or {}).get("list", "")}) - {""}
