"""The flat table of the policies before the pilot, as an office digs it out of its old files. It comes in through
`yaoxun import history`.
"""

from io import BytesIO
from pathlib import Path

import openpyxl

from yaoxun.demo.fills import policy_cells
from yaoxun.demo.story import Story
from yaoxun.office.office import Office

COLUMNS = ("文号", "政策名称", "发文单位", "联合发文", "层级", "出台日期", "失效日", "类别", "组织动员", "对应措施", "政策要点",
           "办理部门", "公开属性", "状态")  # fmt: skip


def write_history(path: Path, story: Story, office: Office) -> None:
    """Write the file: one row a policy, after table, period and organisation."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "试点前政策台账（示例）"
    sheet.append(["表号", "报告期", "单位", *COLUMNS])
    for policy in story.before_pilot:
        short = office.organisation(policy.org).short
        cells = policy_cells(policy, short)
        sheet.append(["T3", office.baseline.label, short, *(cells[column] for column in COLUMNS)])
    stream = BytesIO()
    book.save(stream)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(stream.getvalue())
