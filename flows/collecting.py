"""收件审核. When: every two minutes, and on request."""

import sys

from flows.frame import HomePath, Now, Period, batches, context, each, main, office_flow, result_of, step, told
from tasks.judge import judge, judge_batch, waiting
from tasks.send import put_copies
from tasks.take_in import take_in

TAKE_IN = step(take_in, "收件")
JUDGE = step(judge, "审核一件")
JUDGE_BATCH = step(judge_batch, "审核一批")
PUT_COPIES = step(put_copies, "放回件")


@office_flow(name="收件审核")
def collect(period: Period = "", now: Now = "", home: HomePath = "") -> str:
    """收取文件夹与邮箱里的来件，逐件审核，写出回执与完善单。

    Args:
        period: 报告期；收件不分报告期，填写的只记在运行记录上。
        now: 试运行用的时间，如 2023-04-06T09:00；平时留空。
        home: 办公室目录；留空即 YAOXUN_HOME。
    """
    ctx = context(home, now)
    taking = TAKE_IN.try_(ctx)  # a file that the disk keeps from us does not hold up those that are in
    new = result_of(taking).arrivals if taking.is_completed() else ()
    work = batches(sorted({*new, *waiting(ctx)}))
    judged = each(JUDGE_BATCH if work and isinstance(work[0], tuple) else JUDGE, ctx, work)
    copied = PUT_COPIES(ctx)
    return told(result_of(taking), *judged, copied)


if __name__ == "__main__":
    sys.exit(main(collect))
