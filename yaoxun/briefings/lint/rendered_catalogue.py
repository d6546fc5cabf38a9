"""The lines of the catalogue for what is measured on the rendered page (R-)."""

from yaoxun.briefings.lint.model import Rule

_GB = "GB/T 9704-2012 "
_GRID = "请核对行距（固定值）、页边距和孤行控制。"

RENDERED: dict[str, Rule] = {
    "R-LINES": Rule(tier="国标", clause=_GB + "5.2.3", title="每面行数", remedy=_GRID),
    "R-PITCH": Rule(tier="国标", clause=_GB + "5.2.3", title="正文行距", remedy=_GRID),
    "R-CHARS": Rule(
        tier="国标", clause=_GB + "5.2.3", title="每行字数", remedy="请核对字号、字距、左右页边距，并关掉字符网格。"
    ),
    "R-FIRST": Rule(tier="国标", clause=_GB + "5.2.1", title="版心首行", remedy="请核对天头（上边距）和行距。"),
    "R-LAST": Rule(tier="国标", clause=_GB + "5.2.1", title="版心末行", remedy=_GRID),
    "R-OVERFULL": Rule(tier="国标", clause=_GB + "5.2.1", title="超出版心", remedy="请核对左右缩进和断不开的长串。"),
    "R-NUMBER-NONE": Rule(
        tier="国标", clause=_GB + "7.5", title="缺页码", remedy="请核对各节的页脚，取消“首页不同”，奇、偶页都要有页码。"
    ),
    "R-NUMBER-PLACE": Rule(tier="国标", clause=_GB + "7.5", title="页码高低", remedy="请核对页脚边距和页脚的行距。"),
    "R-NUMBER-SIDE": Rule(
        tier="国标", clause=_GB + "7.5", title="页码左右", remedy="请设“奇偶页不同”，单页码居右空一字，双页码居左空一字。"
    ),
    "R-COL-FOOT": Rule(
        tier="国标", clause=_GB + "7.4.1", title="版记末线", remedy="请把版记做成浮动的表格，相对于页边距（版心）底端对齐。"
    ),
    "R-COL-LAST": Rule(tier="国标", clause=_GB + "7.4.1", title="版记在最后一面", remedy="请把版记移到最后一面。"),
    "R-COL-EVEN": Rule(
        tier="惯例", clause="惯例", title="版记在双数面",
        remedy="请增删几行使正文多一面或少一面，或者调整附件和图表的位置；不要用“此页无正文”。",
    ),
    "R-RULE": Rule(
        tier="惯例", clause="参照 GB/T 9704-2012 7.2.7", title="红线长度", remedy="署日行的缩进要用制表位，段落缩进会把红线带短。"
    ),
    "R-HEADING-FOOT": Rule(
        tier="惯例", clause="惯例", title="标题落在面末", remedy="请给标题样式设“与下段同页”，或者增删几行。"
    ),
    "R-SHORT-LINE": Rule(
        tier="惯例", clause="惯例", title="末行短字", remedy="请增删一两个字，或把这一段的字距收紧、放宽一点。"
    ),
    "R-FACE": Rule(
        tier="本单位", clause="版式 fonts", title="缺字体",
        remedy="请在排版的电脑上装齐版式里的字体，否则量得的只供参考；只有个别字用了别的字体的，是字体里没有这个字，请换字。",
    ),
}  # fmt: skip
