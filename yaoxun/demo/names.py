"""Names of sample policies, deeds and events, put together from lists of words. Every one says that it is a sample, and
no two are near enough to be taken for the same thing. Who reports which of them stands in story.py.
"""

from dataclasses import dataclass

_PEOPLE = ("高校毕业生", "产业工人", "返乡创业者", "新就业群体", "乡村教师", "基层医护", "青年农民", "退役军人", "科研人员",
           "社区工作者")  # fmt: skip
# One more than there are people, so that two titles on one matter never share the form, too.
_FORMS = ("补贴办法", "若干措施", "管理细则", "扶持意见", "行动计划", "服务指引", "奖励规定", "工作规程", "便利清单", "试点方案",
          "资助章程")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What a policy is about: its words in a title, the measure it serves, and its point for young people."""

    title: str
    measure: str
    point: str
    organising: str = ""


_MATTERS = (
    Matter(title="公寓租住", measure="优化城市居住环境", point="符合条件的可申请入住人才公寓，按月减免租金"),
    Matter(title="首套购房", measure="优化城市居住环境", point="首次购房的给予一次性补助，凭合同和缴税凭证申领"),
    Matter(title="就业见习", measure="优化城市就业环境", point="见习期间按月发放生活补助，留用的另给单位奖补"),
    Matter(title="创业贷款贴息", measure="青·创", point="创业担保贷款利息由财政按比例贴补", organising="投身创新创业热潮"),
    Matter(title="技能提升", measure="青·力", point="取得职业技能等级证书的按等级给予补贴", organising="立足岗位建功立业"),
    Matter(title="托育普惠", measure="优化城市生活环境", point="三岁以下子女入托的按月补助托位费", organising="助推生活品质提升"),
    Matter(title="心理关爱", measure="优化城市健康环境", point="每人每年可免费预约心理咨询三次"),
    Matter(title="健身场地开放", measure="优化城市健康环境", point="凭证件在指定时段免费使用公共体育场馆"),
    Matter(title="志愿积分兑换", measure="青·融", point="志愿服务时长可兑换公共服务优惠", organising="有序参与社会治理"),
    Matter(title="法律援助", measure="优化城市安全环境", point="劳动争议可申请免费法律援助，五个工作日内答复"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PolicyName:
    """The title of the n-th sample policy with what it is about."""

    title: str
    matter: Matter


def policy_name(n: int) -> PolicyName:
    """The n-th policy, from 0; there are a hundred of them."""
    shift, people = divmod(n, len(_PEOPLE))
    matter = (people + shift) % len(_MATTERS)
    title = f"{_PEOPLE[people]}{_MATTERS[matter].title}{_FORMS[(people + matter) % len(_FORMS)]}（示例）"
    return PolicyName(title=title, matter=_MATTERS[matter])


_PLACES = ("开发区东片", "火车站周边", "老城街巷", "大学城", "高铁新城", "滨河沿线", "矿区家属院", "物流园", "南部新区",
           "文化广场", "乡镇集市", "北山景区")  # fmt: skip
_STAGES = ("新建", "提升", "扩容", "试点", "惠民")


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a deed builds or offers, in which field, and what is promised."""

    title: str
    field: str
    promise: str


_WORKS = (
    Work(title="过渡驿站", field="住房安居", promise="改造过渡性住宿床位20张，七天以内免费"),
    Work(title="创业工位", field="创新创业", promise="提供免费工位30个，配套代办注册"),
    Work(title="嵌入托育点", field="养老育幼", promise="新增托位24个，收费不高于政府指导价"),
    Work(title="减压咨询室", field="身心健康", promise="每周开放五天，提供免费咨询"),
    Work(title="通宵书房", field="文化服务", promise="新建二十四小时书房1处，座位40个"),
    Work(title="夜间公交", field="品质生活", promise="末班车延至22时30分"),
    Work(title="老年助餐窗口", field="养老育幼", promise="每日供应助餐60份"),
    Work(title="灯光球场", field="身心健康", promise="新建灯光球场1片，晚间免费开放"),
    Work(title="零工休息亭", field="品质生活", promise="设置饮水、充电、避雨的休息亭2处"),
    Work(title="周末课堂", field="文化服务", promise="每周末开设公益课程2门"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class DeedName:
    """The title of the n-th sample deed with its work."""

    title: str
    work: Work


def deed_name(n: int) -> DeedName:
    """The n-th deed, from 0; there are a hundred and twenty of them."""
    shift, place = divmod(n, len(_PLACES))
    work = _WORKS[(place + shift) % len(_WORKS)]
    return DeedName(title=f"{_PLACES[place]}{work.title}{_STAGES[n % len(_STAGES)]}（示例）", work=work)


_SCENES = ("专场招聘会", "政策宣讲会", "读书分享会", "技能比武", "徒步行", "交友联谊", "创业路演", "志愿服务日")


def event_name(n: int) -> str:
    """An ordinary event."""
    return f"青年{_SCENES[n % len(_SCENES)]}（示例）"
