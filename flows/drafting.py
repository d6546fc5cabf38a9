"""起草. When: on the day that config/schedules.yaml gives to each kind of document, and on request. Ends with a draft
that waits for people; 核稿 and 签发 never hold a run open.
"""

import sys

from flows.frame import AsOf, HomePath, Kind, Now, Period, context, main, office_flow, step, told
from tasks.draft import draft

DRAFT = step(draft, "起草")


@office_flow(name="起草")
def write_draft(kind: Kind, period: Period = "", as_of: AsOf = "", now: Now = "", home: HomePath = "") -> str:
    """截取数据，写出一份待核的文稿；内容未变则不另出新稿。

    Args:
        kind: 文种，见 config/ 中的文稿目录。
        period: 报告期，如 2023-03；留空即最近一个已过截止日的报告期。
        as_of: 数据截至的时间，如 2023-04-10；留空即现在。
        now: 试运行用的时间，如 2023-04-06T09:00；平时留空。
        home: 办公室目录；留空即 YAOXUN_HOME。
    """
    ctx = context(home, now)
    return told(DRAFT(ctx, kind, period or None, as_of or None))


if __name__ == "__main__":
    sys.exit(main(write_draft))
