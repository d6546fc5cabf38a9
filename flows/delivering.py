"""取号分发. When: every two minutes, and on request: what has been signed gets its number, what is due is sent."""

import sys

from flows.frame import HomePath, Now, Period, context, main, office_flow, step, told
from tasks.send import send
from tasks.sign import number_signed

NUMBER = step(number_signed, "取号")
SEND = step(send, "发送")


@office_flow(name="取号分发")
def deliver(period: Period = "", now: Now = "", home: HomePath = "") -> str:
    """给已签发的文稿取号定稿，发出到时间的邮件和文件。

    Args:
        period: 报告期；分发不分报告期，填写的只记在运行记录上。
        now: 试运行用的时间，如 2023-04-06T09:00；平时留空。
        home: 办公室目录；留空即 YAOXUN_HOME。
    """
    ctx = context(home, now)
    numbered = NUMBER(ctx)
    sent = SEND(ctx)
    return told(numbered, sent)


if __name__ == "__main__":
    sys.exit(main(deliver))
