"""The words that sheets of Chinese offices use: units, periods, names of organisations, totals, notes, and lines as
单位：万元. Pure text in, text out; where a word stands is not known here.
"""

import re
import unicodedata
from typing import NamedTuple

from yaoxun.errors import RequestError
from yaoxun.office.periods import parse_label

_BASE = (
    "元|人次|人|户次|户|个百分点|百分点|个|件|项次|项|场次|场|家次|家|套|条|次|名|期|篇|份|部|台|辆|处|座|所|间|栋|幢|亩|平方米|平方公里|"
    "平方千米|平米|㎡|公里|千米|米|吨|公斤|千克|克|升|度|千瓦时|%|％|‰|天|小时|分钟|岁|立方米|立方|公顷|对|批次|批|宗|起|班|支|本|册|课时|学时|人天|"
    "人日|人时|车次|床|张|枚|只|头|株|棵|千瓦|兆瓦|年|个月|月|日|周|笔|票|例|门|讲|节|堂|款|架|艘|趟|口|盏|副|幅|块|片|根|组|届|例次|工日|轮"
)
_UNIT = rf"(?:[十百千万亿]{{0,2}}(?:{_BASE})(?:[/每](?:{_BASE}))?)"
_UNITS = re.compile(rf"{_UNIT}(?:[、,，/]{_UNIT})*")
_ONE_UNIT = re.compile(_UNIT)
_BRACKETED = re.compile(rf"[（(\[【]\s*(?:(?:计量)?单位\s*[:：]\s*)?({_UNIT})\s*[)）\]】]")
_SLASHED = re.compile(rf"(?<=[\u4e00-\u9fff])[/／,，]\s*(?:单位\s*[:：]\s*)?({_UNIT})$")
UNIT_LINE = re.compile(
    rf"(?:(?:计量|金额|数量|货币)单位|单位)\s*[:：]\s*({_UNIT}(?:\s*[、,，/和及 ]\s*{_UNIT})*)(?=$|\s|[)）;；,，。])"
)
MONEY = re.compile(r"[十百千万亿]{0,2}元")
PERCENT = re.compile(r"%|％|‰|百分点|个百分点")

_FOOT = re.compile(
    r"(?:注|备注|说明|填表说明|填报说明|附注|填表人|填报人|制表人|审核人|负责人|单位负责人|统计负责人|经办人|制表|复核|复核人|审批|签字|盖章|"
    r"主管领导|分管领导|主要领导|联系人|联系电话|填表日期|填报日期|报送日期|制表日期|填报时间|填表时间|报送时间|制表时间|审核|填表|填报|校对|签发|数据来源|资料来源)"
    r"(?:[（(][^）)]*[）)])?\s*(?:[:：]|\d|$|[（(])"
)
_ITEM = re.compile(r"\s*(?:[（(]?\d{1,2}[.．、）)]|[①-⑳])")
OF_PERIOD = r"(?:20\d\d年度?)?(?:(?:\d{1,2}[-—~至到])?\d{1,2}月份?|[1-4]季度)?"
"""The figures with which the name of a sum may begin: 2023年一季度小计, 1-3月合计."""
_TOTAL = re.compile(
    rf"(?:[一二三四五六七八九十]+、)?[（(]?(?:{OF_PERIOD}[\u4e00-\u9fff]{{0,10}}(?:合计|总计|小计|共计)|汇总|总数|平均|平均值|均值|累计|总和)[）)]?(?:数)?[:：]?(?:[（(].*[)）])?"
)
_PART = re.compile(r"(?:其\s*中|#)")
_ORGANISATION_LIKE = re.compile(
    r"[\u4e00-\u9fff（）()·、0-9A-Za-z]{1,24}(?:县|市|区|局|委|办|厅|院|中心|公司|集团|学校|大学|学院|中学|小学|医院|银行|街道|镇|乡|村|社区|"
    r"工会|妇联|团委|协会|联合会|支队|大队|法院|检察院|部|处|科|所|站|厂|社|馆|旗|州|省|单位\d*|办公室|委员会|政府|分局|园区|学会|工商联)"
    r"(?:[（(][^）)]*[)）])?"
)
_ONE_ORGANISATION = re.compile(
    r"(?!.*(?:[分各全按本]|任务|情况|县区|市县|地区|社区|小区|类)).+(?:县|市|区|旗|镇|乡|街道|局|委|厅|办|团委|妇联|工会|公司|集团|学校|大学|学院|中心|委员会|办公室)"
)
_NO_ORGANISATION = re.compile(r"(?:全|各|本|按|分).{0,6}|.*(?:合计|情况|统计|汇总|明细|名单|台账).*|.*表")
_LABEL_LIKE = re.compile(
    r".*(?:单位|名称|时间|日期|地点|地址|电话|数|数量|人次|人数|额|金额|资金|投资|情况|内容|原因|类别|类型|性质|编号|备注|面积|来源|总数|累计|完成|目标|"
    r"计划|方式|级别|领域|状态|进度|代码|邮编|人员|联系人|负责人|责任人|填报人|法人|职务|职称|标准|范围|对象|措施|做法|打算|问题|建议|效果|率|占比|"
    r"合计|小计|场次|活动|规模|期限|年度|报告期|传真|邮箱|姓名|性别|年龄|民族|学历|专业|政治面貌|籍贯|号码|账号|开户行)"
)
_DASHES = frozenset("—－-–―─/／\\")
_RANGE = re.compile(
    r"(20\d\d)年?度?(?:第)?(\d{1,2}|[一二三四])月?[-—－–~～至到](?:(20\d\d)年)?(\d{1,2}|[一二三四])(月|季度)"
)
_YEARS = re.compile(r"20\d\d年?[-—－–~～至到、]20\d\d")
_PERIODS = (
    re.compile(r"20\d\d年第?\d{1,2}周"),
    re.compile(r"20\d\d年\d{1,2}月份?(?!\d|[日号-]|至|到)"),
    re.compile(r"20\d\d年度?第?[一二三四1-4]季度?"),
    re.compile(r"20\d\d年度?[上下]半年"),
)
_BARE_PERIODS = re.compile(r"20\d\d-W\d\d?|20\d\d[-./]\d{1,2}|20\d\d-?Q[1-4]|20\d\d-?H[12]|20\d\d(?:0[1-9]|1[0-2])")
_YEAR = re.compile(r"(?<!\d)(20\d\d)年度?(?!\d)")
_PART_OF_YEAR = re.compile(
    r"(?:(?P<month>\d{1,2}|[一二三四五六七八九十]{1,3})月份?|第?(?P<quarter>[一二三四1-4])季度|(?P<half>[上下])半年)"
)
AS_OF = re.compile(r"[(（]?(?:数据)?截[至止]到?(?:20\d\d年(?:\d{1,2}月)?|\d{1,2}月)(?:\d{1,2}日|底|末)?[)）]?")
_NUMERALS = {
    word: n for n, word in enumerate(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1)
}


class FoundPeriod(NamedTuple):
    """A period's label, '' for none; `doubt` is a Chinese reason why what stands there is not taken."""

    label: str = ""
    doubt: str = ""


def tidy(text: str) -> str:
    """A header's or label's text without line breaks, the spaces that spread Chinese words, colon and star at its end."""
    plain = unicodedata.normalize("NFC", text).replace("\u3000", " ").replace("\xa0", " ").strip()
    squeezed = re.sub(r"(?<![A-Za-z0-9.])\s+|\s+(?![A-Za-z0-9])", "", plain)
    return re.sub(r"\s+", " ", squeezed).rstrip(":：*＊")


def half(text: str) -> str:
    """Half-width and without any space, for comparing and matching."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def split_unit(text: str) -> tuple[str, str]:
    """A header's name and the unit written in it: 投资（万元） → 投资, 万元."""
    plain = tidy(text)
    for pattern in (_BRACKETED, _SLASHED):
        found = list(pattern.finditer(plain))
        if found:
            at = found[-1]
            return tidy(plain[: at.start()] + plain[at.end() :]), at[1].replace("％", "%")
    return plain, ""


def is_unit(text: str) -> bool:
    """Whether a text is a unit, or several."""
    return bool(_ONE_UNIT.fullmatch(half(text))) or bool(_UNITS.fullmatch(half(text)))


def unit_of_line(text: str) -> str:
    """What a line 单位：万元 says ('' for no such line); several units stay together: 万元、人."""
    found = UNIT_LINE.search(unicodedata.normalize("NFKC", text).strip())
    return re.sub(r"\s*[,/和及 ]\s*", "、", found[1].strip()) if found else ""


_DATED = re.compile(
    r"(?:填报|填表|报送|制表|上报|打印|印发)(?:日期:(?:20\d\d年\d{1,2}月(?:\d{1,2}日)?|20\d\d[-./]\d{1,2}[-./]\d{1,2})?|"
    r"时间:(?:20\d\d年\d{1,2}月\d{1,2}日|20\d\d[-./]\d{1,2}[-./]\d{1,2}))"
)


def find_period(text: str) -> FoundPeriod:
    """The period that a title or line speaks of. Dates of filling in are none; 2023年1-3月 is doubtful."""
    plain = _DATED.sub("", half(text))
    if _RANGE.search(plain):
        span = _RANGE.search(plain)
        return FoundPeriod("", f"“{span[0] if span else ''}”可以是其中一期，也可以是累计，请确认报告期")
    if _YEARS.search(plain):
        return FoundPeriod()
    for pattern in _PERIODS:
        found = pattern.findall(plain)
        labels = {label for word in found if (label := _label(word))}
        if len(labels) > 1:
            return FoundPeriod("", f"写了{len(labels)}个报告期，请确认是哪一期")
        if labels:
            return FoundPeriod(labels.pop())
    bare = _BARE_PERIODS.fullmatch(plain.rpartition(":")[2])
    if bare:
        return FoundPeriod(
            _label(re.sub(r"[./]", "-", bare[0]) if len(bare[0]) != 6 else f"{bare[0][:4]}-{bare[0][4:]}")
        )
    years = {m[1] for m in _YEAR.finditer(plain) if not re.match(r"\d{1,2}月\d{1,2}[日号]", plain[m.end() :])}
    return FoundPeriod(years.pop()) if len(years) == 1 else FoundPeriod()


def part_of_year(text: str) -> str:
    """What 3月, 三月份, 一季度 or 上半年 add to a year (-03, Q1, H1); '' for none. The whole text must say it."""
    found = _PART_OF_YEAR.fullmatch(half(text))
    if not found:
        return ""
    if found["month"]:
        number = int(found["month"]) if found["month"].isdigit() else _NUMERALS.get(found["month"], 0)
        return f"-{number:02}" if 1 <= number <= 12 else ""
    if found["quarter"]:
        return f"Q{_NUMERALS.get(found['quarter']) or found['quarter']}"
    return "H1" if found["half"] == "上" else "H2"


def summed_period(text: str) -> str:
    """Of which period a text names the sum: 2023年一季度小计 → 2023年一季度, 1-3月合计 → 1-3月; '' for any other text. Such a
    sum is no period's data."""
    plain = half(text)
    bare = re.sub(r"(?:小计|合计|总计|共计)$", "", plain)
    is_stretch = re.fullmatch(r"\d{1,2}[-—~至到]\d{1,2}月", bare)
    return bare if bare != plain and (is_stretch or part_of_year(bare) or whole_period(bare)) else ""


def without_period(text: str) -> str:
    """A title without the number before it and the period at its head or in brackets at its end: 2023年3月汇总表 → 汇总表."""
    parts = r"(?:\d{1,2}月份?|第?[一二三四1-4]季度|[上下]半年|第?\d{1,2}周)"
    plain = re.sub(
        r"^(?:[（(]?[一二三四五六七八九十]+[)）]?、|表[一二三四五六七八九十\d]{1,2}[:：、.\s]*|附[件表]\d*[:：])",
        "",
        text.strip(),
    )
    plain = re.sub(rf"^20\d\d年度?{parts}?|[（(]20\d\d年度?{parts}?[)）]$", "", plain).strip()
    return plain or text


def whole_period(text: str) -> str:
    """The label where a text is nothing but a period (2023年3月, 2023Q1); '' otherwise."""
    plain = half(text)
    found = find_period(plain).label
    return found if found and re.fullmatch(r"[（(]?[\d年月季度第周上下半一二三四份QHW./-]+[)）]?", plain) else ""


def _label(text: str) -> str:
    try:
        return parse_label(re.sub(r"年度(?=.)", "年", text)).label
    except RequestError:
        return ""


def is_foot(text: str) -> bool:
    """The first words of a line below a table: 注：…, 填表人：…"""
    return bool(_FOOT.match(half(text)))


def is_item(text: str) -> bool:
    """A numbered line of notes: 1. …"""
    return bool(_ITEM.match(text))


def is_section(text: str) -> bool:
    """一、…, （一）…: the number of a part of a table."""
    return bool(re.match(r"\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])", text))


def is_total(text: str) -> bool:
    """合计, 小计, 全市合计, 平均 …: the name of a row that is computed from others."""
    return bool(_TOTAL.fullmatch(half(text)))


def is_part(text: str) -> bool:
    """其中：…, a part of the row above it."""
    return bool(_PART.match(text.strip()))


def is_dash(text: str) -> bool:
    """A mark for "nothing here" or "not applicable"."""
    plain = text.strip()
    return plain in ("无", "暂无", "不适用") or (0 < len(plain) <= 3 and all(c in _DASHES for c in plain))


def looks_like_organisation(text: str) -> bool:
    """Whether a text ends as names of organisations and places do; evidence, no proof."""
    plain = tidy(text)
    return bool(_ORGANISATION_LIKE.fullmatch(plain)) and not _NO_ORGANISATION.fullmatch(plain)


def names_one(text: str) -> bool:
    """Whether a sheet's name is surely an organisation's: 甲县, 示例教育局; not 分县 or 任务情况."""
    plain = tidy(text)
    return len(plain) <= 16 and bool(_ONE_ORGANISATION.fullmatch(plain)) and looks_like_organisation(plain)


def looks_like_label(text: str) -> bool:
    """Whether a text asks for a value rather than being one: short, and ending as such words do."""
    name, unit = split_unit(text)
    plain = re.sub(r"[（(][^）)]*[)）]$", "", name)
    if len(plain) > 24:
        return False
    return bool(unit) or text.strip().endswith(("：", ":")) or bool(_LABEL_LIKE.fullmatch(plain))
