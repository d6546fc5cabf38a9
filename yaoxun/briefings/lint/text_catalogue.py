"""The lines of the catalogue for writing (T-) and figures (N-)."""

from typing import Final

from yaoxun.briefings.lint.model import Rule, Tier

_MARKS, _DIGITS, _FORMAT = "GB/T 15834-2011", "GB/T 15835-2011", "GB/T 9704-2012"
_CUSTOM: Final = "惯例"

_LINES: tuple[tuple[str, Tier, str, str, str], ...] = (
    # id, tier, clause, title, remedy
    ("T-half-width", "国标", f"{_MARKS} 5.1", "半角标点", "请改用全角标点。"),
    ("T-straight-quotes", "国标", f"{_MARKS} 4.8", "直引号", "请改用弯引号。"),
    ("T-unpaired", "国标", f"{_MARKS} 5.1.3", "引号、括号、书名号不成对", "请补上缺的一半，或删去多的一半。"),
    ("T-nested-quotes", "国标", f"{_MARKS} 4.8.3", "双引号套双引号", "外层用双引号，里层改用单引号‘ ’。"),
    ("T-nested-titles", "国标", f"{_MARKS} 4.15.3", "书名号套书名号", "外层用《》，里层改用〈〉。"),
    ("T-doubled-mark", "国标", f"{_MARKS} 5.1", "标点重复", "请只留一个。"),
    ("T-mark-between-quoted", "国标", f"{_MARKS} 4.5.3.5", "并列的引号、书名号之间用顿号", "请删去引号、书名号之间的顿号。"),
    ("T-title-end", _CUSTOM, _CUSTOM, "标题末尾的标点", "请删去标题末尾的标点。"),
    ("T-caption-end", "国标", f"{_MARKS} A.1", "表题、图题末尾的标点", "请删去末尾的标点。"),
    ("T-full-width", _CUSTOM, _CUSTOM, "全角数字和字母", "请改用半角。"),
    ("T-space-digits", _CUSTOM, _CUSTOM, "数字两边的空格", "请删去空格。"),
    ("T-space-han", _CUSTOM, _CUSTOM, "汉字之间的空格", "请删去空格。"),
    ("T-space-ends", _CUSTOM, _CUSTOM, "段首、段尾的空格", "请删去空格，缩进用段落格式设置。"),
    ("T-control", _CUSTOM, _CUSTOM, "看不见的字符", "请删去这个字符后重新输入。"),
    ("T-gb2312", _CUSTOM, _CUSTOM, "字体没有的字", "请改用通用的字。"),
    ("T-rare", _CUSTOM, _CUSTOM, "字体没有的生僻字", "人名、地名用字可以保留，请核对无误，并确认打印时字形正常；不是的请改用通用的字。"),
    ("T-emoji", _CUSTOM, _CUSTOM, "表情符号", "请删去，或改用文字。"),
    ("T-two-ways", _CUSTOM, _CUSTOM, "同一提法两种写法", "请核对上级文件的原文，全文统一。"),
    ("T-wrong-word", _CUSTOM, _CUSTOM, "用词", "请改正。"),
    ("T-repeated", _CUSTOM, _CUSTOM, "字词重复", "请删去重复的。"),
    ("T-approximate", _CUSTOM, _CUSTOM, "约数重复", "请只留一个表示约数的词，如“约20个”或“20个左右”。"),
    ("T-padded-date", "国标", f"{_FORMAT} 7.3.5.4", "日期补零", "请删去月、日前的零，如2023年4月6日。"),
    ("T-no-such-date", _CUSTOM, _CUSTOM, "不存在的日期", "请核对日期。"),
    ("T-weekday", _CUSTOM, _CUSTOM, "星期与日期不符", "请核对日期和星期。"),
    ("T-short-year", "国标", f"{_DIGITS} 5.1.4", "年份简写", "请把年份写成四位，如2021—2025年。"),
    ("T-document-number", "国标", f"{_FORMAT} 7.2.5", "文号的括号", "请改用六角括号。"),
    ("T-document-order", "国标", f"{_FORMAT} 7.2.5", "文号的顺序号", "请删去“第”字和前面的零。"),
    ("T-range", "国标", f"{_DIGITS} 5.1.3", "数值范围", "请写全。"),
    ("T-zero-year", "国标", f"{_DIGITS} 5.2.5", "汉字年份的零", "请改为“〇”。"),
    ("T-number-forms", _CUSTOM, f"{_DIGITS} 4.3", "大数写法不一", "请统一写法。"),
    ("T-order-mark", "国标", f"{_FORMAT} 7.3.3", "层次序数", "请依次用“一、”“（一）”“1.”“（1）”。"),
    ("T-order-gap", _CUSTOM, _CUSTOM, "顺序不连", "请补上缺的一项，或改正序数。"),
    ("N-sum", _CUSTOM, _CUSTOM, "分项之和与总数", "请核对各分项和总数。"),
    ("N-part-exceeds", _CUSTOM, _CUSTOM, "部分大于整体", "请核对这两个数。"),
    ("N-parts", _CUSTOM, _CUSTOM, "其中各项与总数", "请核对各分项和总数。"),
    ("N-share", _CUSTOM, _CUSTOM, "占比", "请核对占比。"),
    ("N-shares", _CUSTOM, _CUSTOM, "占比之和", "请核对各项占比。"),
    ("N-sign", _CUSTOM, _CUSTOM, "增减与正负号", "请去掉负号，并核对是增是减。"),
    ("N-direction", _CUSTOM, _CUSTOM, "增减与方向", "请核对是增是减。"),
    ("N-rate", _CUSTOM, _CUSTOM, "增减幅度", "请核对幅度。"),
    ("N-difference", _CUSTOM, _CUSTOM, "增减的数", "请核对增减的数。"),
    ("N-points", _CUSTOM, _CUSTOM, "百分点", "请改用“个百分点”。"),
    ("N-doubling", _CUSTOM, _CUSTOM, "翻番", "请核对倍数。"),
    ("N-times-fewer", _CUSTOM, _CUSTOM, "减少用倍数", "请改用百分数或分数。"),
    ("N-list", _CUSTOM, _CUSTOM, "数目与列举", "请核对数目和所列各项。"),
    ("N-headings", _CUSTOM, _CUSTOM, "数目与小标题", "请核对数目和小标题。"),
    ("N-table-total", _CUSTOM, _CUSTOM, "表的合计", "请核对各行和合计。"),
    ("N-chart-book", _CUSTOM, _CUSTOM, "图与内嵌工作簿", "请右键选“编辑数据”，核对后重新保存。"),
    ("N-chart-table", _CUSTOM, _CUSTOM, "图与表", "请核对图和表。"),
    ("N-rank", _CUSTOM, _CUSTOM, "名次与表", "请核对名次。"),
    ("N-headline", _CUSTOM, _CUSTOM, "标题与正文的数", "请核对标题和正文。"),
    ("N-two-values", _CUSTOM, _CUSTOM, "同一指标两个数", "请核对，全文一致。"),
    ("N-prose-table", _CUSTOM, _CUSTOM, "正文与表", "请核对正文和表。"),
    ("N-typed-over", _CUSTOM, _CUSTOM, "取自数据的数被改", "请核对；数据有变应先改数据再重新生成。"),
)  # fmt: skip
TEXT: dict[str, Rule] = {
    id: Rule(tier=tier, clause=clause, title=title, remedy=remedy) for id, tier, clause, title, remedy in _LINES
}
