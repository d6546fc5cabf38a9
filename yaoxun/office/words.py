"""Times and deadlines as the office says them in Chinese. Pure; when something is due stands in windows.py."""

from datetime import datetime

from yaoxun.context import SHANGHAI
from yaoxun.office.model import Period
from yaoxun.office.office import Office

_WEEKDAYS = "一二三四五六日"


def moment_words(moment: datetime, now: datetime | None = None) -> str:
    """3月28日（星期二）17:30, with the year where it is not that of `now`."""
    local = moment.astimezone(SHANGHAI)
    year = f"{local.year}年" if now is not None and now.astimezone(SHANGHAI).year != local.year else ""
    return f"{year}{local.month}月{local.day}日（星期{_WEEKDAYS[local.weekday()]}）{local:%H:%M}"


def period_words(period: Period) -> str:
    """2023年3月, 2023年第一季度, 2023年上半年, 2023年; a week and the baseline by their labels."""
    day = period.last_day
    quarter = "一二三四"[(day.month - 1) // 3]
    half = "上" if day.month == 6 else "下"
    tails = {"month": f"{day.month}月", "quarter": f"第{quarter}季度", "half": f"{half}半年", "year": ""}
    return f"{day.year}年{tails[period.kind]}" if period.kind in tails else period.label


def remaining_words(due: datetime, now: datetime, office: Office) -> str:
    """还有3个工作日, 今天截止, 今天已过截止时间 or 已逾期2个工作日."""
    today, day = (moment.astimezone(SHANGHAI).date() for moment in (now, due))
    if day == today:
        return "今天截止" if now <= due else "今天已过截止时间"
    days = office.working_days_between(min(today, day), max(today, day))
    count = f"{days}个工作日" if days else "不足1个工作日"
    return f"还有{count}" if today < day else f"已逾期{count}"


def deadline_words(due: datetime, now: datetime, office: Office) -> str:
    """3月28日（星期二）17:30，还有3个工作日; 暂定 is said where the year's holidays are not published."""
    provisional = "（暂定）" if office.is_provisional(due.astimezone(SHANGHAI).year) else ""
    return f"{moment_words(due, now)}{provisional}，{remaining_words(due, now, office)}"
