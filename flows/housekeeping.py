"""日常维护. When: every ten minutes, and on request: the office's own upkeep, then runs that broke off."""

import sys

from flows.broken_runs import requeue_broken
from flows.frame import HomePath, Now, Period, context, main, office_flow, step, told
from tasks.housekeeping import housekeep

HOUSEKEEP = step(housekeep, "维护")
REQUEUE = step(requeue_broken, "重排中断的运行")


@office_flow(name="日常维护")
def keep_house(period: Period = "", now: Now = "", home: HomePath = "") -> str:
    """清理与核对办公室自己的数据，把中断的运行重新排队一次。

    Args:
        period: 报告期；维护不分报告期，填写的只记在运行记录上。
        now: 试运行用的时间，如 2023-04-06T09:00；平时留空。
        home: 办公室目录；留空即 YAOXUN_HOME。
    """
    ctx = context(home, now)
    kept = HOUSEKEEP(ctx)
    requeued = REQUEUE(ctx)
    return told(kept, requeued)


if __name__ == "__main__":
    sys.exit(main(keep_house))
