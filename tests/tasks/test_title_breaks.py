"""Where a title is broken is told to staff, who may choose another place with a mark in the title."""

import shutil
from pathlib import Path

from docx import Document

from support.office_kit import make_office
from tasks.documents import list_documents
from tasks.draft import draft
from tasks.write_issue import write_issue
from yaoxun.home import shipped

NOW = "2023-03-27T11:00"
TITLE = "团晋城市委聚焦“七大行动”“六项工程”推动青年发展型城市试点走深走实"
CHOSEN = "团晋城市委聚焦“七大行动”｜“六项工程”推动青年发展型城市试点走深走实"


def test_a_draft_tells_its_breaks_and_a_mark_in_the_template_makes_a_new_version(tmp_path: Path) -> None:
    office = make_office(tmp_path / "home")
    shutil.copytree(shipped("report_templates"), office.home.root / "report_templates", dirs_exist_ok=True)
    first = draft(office.ctx(NOW), "要讯", "2023-03")
    assert "标题回行：团晋城市委聚焦“七大行动”“六项工程” ／ 推动青年发展型城市试点走深走实" in first.summary()

    narrative = office.home.templates / "yaoxun" / "narrative.md.j2"
    narrative.write_text(narrative.read_text(encoding="utf-8").replace(TITLE, CHOSEN), encoding="utf-8")
    second = draft(office.ctx(NOW), "要讯", "2023-03")
    assert (second.new, second.title) == (True, TITLE)
    assert "标题回行（照标题里的｜）：团晋城市委聚焦“七大行动” ／ “六项工程”" in second.summary()
    assert "标题回行" not in draft(office.ctx(NOW), "要讯", "2023-03").summary()
    made = Document(str(office.home.documents / second.file))
    assert made.core_properties.title == TITLE
    assert CHOSEN.replace("｜", "\n") in [p.text for p in made.paragraphs]
    assert {row.title for row in list_documents(office.ctx(NOW))} == {TITLE}


def test_an_issue_written_by_hand_tells_its_breaks(tmp_path: Path) -> None:
    office = make_office(tmp_path / "home")
    source, out = tmp_path / "期.md", tmp_path / "期.docx"
    source.write_text(f"---\n标题: {TITLE}\n---\n一段正文。\n", encoding="utf-8")
    assert "标题回行：团晋城市委聚焦" in write_issue(office.ctx(NOW), source, out).summary()
    source.write_text("---\n标题: 一行的标题\n---\n一段正文。\n", encoding="utf-8")
    assert "标题回行" not in write_issue(office.ctx(NOW), source, out).summary()
