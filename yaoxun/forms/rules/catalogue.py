"""The common rules: id, level, sentence, example. The template's 填报说明, the findings and the manual read this list;
a table's own rules stand in its YAML file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from yaoxun.forms.model import Form
from yaoxun.forms.settings import ColumnSetting, Level


@dataclass(frozen=True, kw_only=True)
class RuleWords:
    """A rule as it is told to people."""

    id: str
    level: Level
    say: str
    example: str = ""
    counter: str = ""


def _rules(*lines: tuple[str, Level, str, str]) -> Mapping[str, RuleWords]:
    return {line[0]: RuleWords(id=line[0], level=line[1], say=line[2], example=line[3]) for line in lines}


COMMON: Mapping[str, RuleWords] = _rules(
    ("C01", "强制", "工作簿所属单位、封面和表上写的填报单位、报送单位一致；表上写的报告期就是发表的那一期。", "用发给本单位的本期表填报"),
    ("C02", "强制", "标＊的列必须填写；没有数据留空的，请在封面选择零报告或不适用。", ""),
    ("C03", "强制", "数量为不小于0的整数，金额以表上写的单位计（没有写的以万元计）、保留两位小数，不带单位；更正数可为负，须写更正原因。", ""),
    ("C04", "强制", "日期真实存在；已发生的日期不晚于数据截止日，计划日期可以晚于。", "2023-04-06"),
    ("C05", "强制", "只填下拉列表中本期有效的选项；可多选的用顿号隔开。", ""),
    ("C06", "强制", "同一张表中不重复填报同一项。", ""),
    ("C07", "强制", "封面选“有数据”的表要有新增或变化；选“零报告”“不适用”的表不得有新增或变化。", "有数据"),
    ("C08", "须说明", "上期有数、本期为0的，请在说明列写明原因。", ""),
    ("C09", "提示", "各行与上期完全相同，请核对是否忘了更新。", ""),
    ("C10", "强制", "文字不超过规定字数。", ""),
    ("C11", "强制", "除联系电话列外，不填写身份证号、手机号。", ""),
    ("C12", "提示", "锁定的单元格和公式以办公室掌握的数为准，改动不收。", ""),
    ("C13", "提示", "与近几期相比变化很大，请核对单位和位数。", ""),
    ("C14", "强制", "标有密级（秘密及以上）的内容不得通过本系统报送。", ""),
    ("K01", "须说明", "累计＝上期累计＋本期＋更正，由系统计算；所填累计与此不符的，请写明原因，需要更正的填更正列。", ""),
    ("K02", "强制", "累计只能由写明原因的更正调减，且不能为负。", "更正 -3，更正原因：重复统计"),
    ("K03", "提示", "一月本年累计从0起算，试点以来累计接着上年。", ""),
    ("K04", "须说明", "同一流量，各月之和等于全季，各季之和等于半年、全年。", ""),
    ("X02", "提示", "任务所属的措施本期有效；登记有误的由办公室改。", ""),
    ("X03", "强制", "涉及任务从本年度重点任务中选。", "示例任务01"),
    ("Z01", "须说明", "分别由几家报的同一指标，各部分之和不大于全市数；只核对，不相加。", ""),
    ("Z02", "强制", "编号是别的单位的一项，不得由本单位填报。", ""),
    ("E01", "强制", "单元格不得是错误值（如 #REF!、#DIV/0!），请直接填数。", ""),
    ("R01", "提示", "书写不规范但意思明确的，系统已代为规整，请核对。", ""),
    ("R02", "须说明", "百分数填0至100的数；不到1的请说明是不是确实不到百分之一。", "50"),
    ("S01", "强制", "表头不得缺列、重列；必填列必须在。", ""),
    ("S02", "提示", "表中自行增加的列不收。", ""),
    ("S03", "强制", "封面说有的表，工作簿里要有。", ""),
    ("S04", "强制", "表尾以下不填数据；请在表尾以上插入行。", ""),
    ("S05", "提示", "表头、表尾标记和隐藏页请保留；丢失时系统按表头文字识别。", ""),
    ("S06", "提示", "复制、排序后的行由系统按关键列认出。", ""),
    ("S07", "须说明", "一行的关键列全部改了，请说明是更正还是另一项；另一项请在空白行填写。", ""),
    ("S08", "强制", "固定表的行由办公室确定，不删、不增。", ""),
    ("S09", "提示", "表中的合计、小计等于各行之和；合计数只核对，不收。", ""),
    ("S10", "强制", "表头和表上写的计量单位不改；按所写单位换算后填报。", "万元"),
    ("S11", "提示", "一家单位一行的表，只收本单位的行。", ""),
    ("S12", "须说明", "预填的行不要清空；不再有效的改状态（如 误报、终止），清空的仍按上次所报计，请写明原因。", ""),
    ("S13", "提示", "以前报过、还没有办结的行请留在表里；不在表里的仍按上次所报计。", ""),
)  # fmt: skip


def _words(values: Mapping[str, object]) -> str:
    return "，".join(f"{name}：{'空' if value in (None, '') else value}" for name, value in values.items())


def reference_words(column: ColumnSetting) -> str:
    """What a column that refers to another table may hold, in one sentence; '' for any other column."""
    refers = column.refers
    return f"{column.shown}填本单位{refers.table}中已有的{refers.column}。" if refers else ""


def catalogue(form: Form) -> Iterator[RuleWords]:
    """Every rule that a table can meet, common ones first."""
    yield from COMMON.values()
    for rule in form.setting.rules:
        good, bad = _words(rule.example), _words(rule.counter)
        yield RuleWords(id=rule.id, level=rule.level, say=rule.say, example=good, counter=bad)
    for column in form.columns:
        if column.refers:
            example = _words({column.name: form.setting.sample.get(column.name)})
            yield RuleWords(id=column.refers.rule, level="强制", say=reference_words(column), example=example)
    if form.setting.similar:
        say = "新增项与其他单位或本单位已报的名称相近、文号相同的，请说明是否同一项（联合发文只计一次）。"
        yield RuleWords(id=form.setting.similar.rule, level="须说明", say=say)
