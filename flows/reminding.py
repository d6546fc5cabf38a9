"""催报. When: every morning; the office's calendar decides what is due, and a missed day is caught up once."""

import sys

from flows.frame import HomePath, Now, Period, context, main, office_flow, step, told
from tasks.remind import remind

REMIND = step(remind, "催报")


@office_flow(name="催报")
def remind_owing(period: Period = "", now: Now = "", home: HomePath = "") -> str:
    """给还欠报的单位备好催报，每单位每天至多一件；由取号分发发出。

    Args:
        period: 报告期，如 2023-03；留空即各期。
        now: 试运行用的时间，如 2023-04-06T09:00；平时留空。
        home: 办公室目录；留空即 YAOXUN_HOME。
    """
    ctx = context(home, now)
    return told(REMIND(ctx, period or None))


if __name__ == "__main__":
    sys.exit(main(remind_owing))
