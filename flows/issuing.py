"""开窗发表. When: every morning before office hours, and on request."""

import sys

from flows.frame import HomePath, Now, Period, context, main, office_flow, step, told
from tasks.issue_templates import issue_templates
from tasks.open_windows import open_windows

OPEN = step(open_windows, "开窗")
ISSUE = step(issue_templates, "发表")


@office_flow(name="开窗发表")
def issue(period: Period = "", now: Now = "", home: HomePath = "") -> str:
    """到日子的报告期开窗，给每个单位写出该期的表。

    Args:
        period: 报告期，如 2023-03；留空即按日历应开的各期。
        now: 试运行用的时间，如 2023-04-06T09:00；平时留空。
        home: 办公室目录；留空即 YAOXUN_HOME。
    """
    ctx = context(home, now)
    opened = OPEN(ctx, period or None)
    issued = ISSUE(ctx, period or None)
    return told(opened, issued)


if __name__ == "__main__":
    sys.exit(main(issue))
