"""Words of headings: what a column or row of that name holds. Pure patterns, matched on half-width text."""

import re

AVERAGE = re.compile(r"平均|均值")
WHOLE = frozenset({"全市", "全省", "全县", "全区", "全国", "全旗", "全州", "全镇", "全乡", "总体", "全系统", "全部"})
SUM_HEAD = re.compile(r"(?:合计|小计|总计|共计|总数)(?:数)?")
RATE = re.compile(
    r"(?:率|占比|比重|比例|百分比|增幅|降幅|增速|同比|环比|完成进度|进度|比上年|增减%?|平均.*|均.*|人均.*|排名|位次|名次)$"
)
PERCENTAGE = re.compile(r"(?:率|占比|比重|比例|百分比|增幅|降幅|增速|(?:同比|环比)(?:增长|增减)?)$")
COUNTED = re.compile(
    r"(?:人数|户数|个数|件数|家数|次数|场次|人次|场数|项数|套数|台数|数量|项目数|企业数|笔数|宗数|起数|批数|亩数|台数|份数|篇数|期数|岗位数|名额|天数|条数|人员|职工|人口)"
)
VALUED = re.compile(
    r"(?:资金|金额|投资|额$|产值|收入|支出|经费|补贴|贷款|税|成本|利润|价值|费用|费$|款$|预算|工资|价$)"
)
CODE = re.compile(r"(?:号|码|电话|手机|邮编|年份|年度|[前后末]\d位|[前后末][一二三四五六七八九十]+位)$")
CODE_IN_WORDS = re.compile(r"(?:证|(?<![单床岗席学车工泊点铺展摊])位)$")
"""Headings of codes: the second only where the cells are text, for 发证 and 车位 may be counted."""
SERIAL = frozenset({"序号", "编号", "行次", "No", "NO", "No.", "NO.", "序", "顺序", "次序"})
ORGANISATION_HEAD = re.compile(
    r"(?:填报|报送|上报|成员|所属|所在|参报|各)?(?:单位名称|单位|部门名称|部门|机构名称|机构)|(?:所属|所在|各)?(?:县区|县市区)|各?县[（(]市[、,，]?区[)）]|区县|县[（(]区[)）]|地区|"
    r"县[、/]?市[、/]?区|行政区划?|区域|乡镇|镇街|乡镇[（(]街道[)）]|乡[（(]镇[)）]|街道|市县|市[（(]县[)）]|地市|县别|县份|"
    r"(?:填报|报送|上报)单位(?:[（(].*[)）])?"
)
OTHER_ORGANISATION = re.compile(r"(?:责任|牵头|主办|承办|实施|主管|发文|建设|配合|协办)(?:单位|部门)")
UNIT_HEAD = re.compile(r"计量单位|数量单位|计算单位|单位|计量")
