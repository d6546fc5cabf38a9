"""Every rule of the office's domain is implemented under an id, or is left for later with its reason; nothing else is.

The list is that of the domain's description, clause by clause, in its words.
"""

from pathlib import Path

import pytest
from forms_kit import CONFIG, LISTS

import yaoxun.forms
from yaoxun.forms.loading import load_forms
from yaoxun.forms.rules.catalogue import COMMON, catalogue

COMMON_RULES = {
    "C01": "_meta, sender and cover agree",
    "C02": "required",
    "C03": "counts ≥ 0 and whole, 万元 two decimals (± columns may be negative, with a reason)",
    "C04": "dates are real; 已发生 columns not after the period, 计划 columns may be",
    "C05": "code valid as of the period",
    "C06": "keys unique",
    "C07": "零报告 ⇔ no new or changed rows",
    "C08": "须说明 zero after non-zero, steady indicators only",
    "C09": "提示 everything equals last period",
    "C10": "text limits",
    "C11": "18-digit ID or mobile outside contact cells",
    "C12": "locked or formula cell altered → recomputed and reported",
    "C13": "提示 outlier |x − median of last 6| > max(3 MAD, 50 %), n ≥ 4, median ≥ 5",
    "C14": "nothing marked 秘密 or above is taken in",
    "K01": "flow: 累计(t) = 累计(t−1) + 本期(t) + 更正(t); rates and 去重人数 are never summed",
    "K02": "a flow's 累计 never falls without a 更正 with reason",
    "K03": "January restarts 本年累计 only",
    "K04": "months = quarter = half = year (flows)",
    "X02": "T2 measure known",
    "X03": "T8 tasks known",
    "Z01": "reconciliation list 须说明",
    "Z02": "nobody claims another's row",
}
TABLE_RULES = {
    "T1-01": "T1 完成率 > 100 % 提示",
    "T2-01": "T2 progress falls only with 已调整",
    "T2-02": "behind plan needs a reason, not a problem number",
    "T3-01": "T3 文号 X〔YYYY〕N号 where present",
    "T3-02": "a new row dated before the data window → 补报, 须说明",
    "T3-06": "similar name elsewhere 须说明",
    "T4-01": "T4 编号 in T3",
    "T5-02": "T5 完成 ⇔ 100",
    "T5-03": "T5 完成 ⇔ 完成日",
    "T5-04": "overdue 须说明",
    "T6-01": "T6 stage forward, except 限期整改 and 退出",
    "T7-01": "T7 link scheme",
    "T8-01": "T8 销号 needs 日期+结论",
    "T8-02": "会商=是 needs 需协调单位",
    "T9-01": "T9 采纳 needs 承办单位",
}
ELSEWHERE = {
    "T1 完成率 recomputed": "a computed column; what is typed over it is C12",
    "T2 progress from milestones": "a computed column",
    "T2 office check: every active task has its reporting lead": "told when templates are issued (rows_of_nobody)",
    "T3 [] and () repaired and disclosed": "R01, on reading a document_no",
    "T3 total = before + since pilot": "three figures; 出台日期 is required, so that no policy is in neither (C02)",
}
OWN = {
    "E01": "error values and formulas without a value",
    "R01": "safe repairs are disclosed",
    "R02": "0.5 in a percent column",
    **{rule: "the sheet's structure and the rows' identity" for rule in COMMON if rule.startswith("S")},
    "T3-03": "出台日期 of a known policy changed",
    "T3-04": "失效日 before 出台日期",
    "T3-05": "替代文号 equals 文号",
    "T5-01": "进度 over 100",
    "T5-05": "进度 fell",
    "T5-06": "a similar deed elsewhere",
    "T7-02": "an event before the data window",
}
LATER = {
    "K01 stock: 期末 = 期初 + 增 − 减": "no table of the set asks for 增 and 减",
    "K02 an earlier month resubmitted reopens the chain after it": "accepted later months are to be replayed: the rule engine's depth",
    "K04 over tables of the set": "no two of them tell the same flow by month and by quarter; it is switched on by agrees_with",
    "T9 no personal names": "names are not recognisable; telephone and ID numbers are (C11)",
    "W 需协调 → T8": "free text on both sides; the sheet says that it is to be entered in T8",
    "at most five 须说明 shown at first, levels, replay": "the rule engine's depth",
}


def implemented() -> set[str]:
    return {rule.id for form in load_forms(CONFIG, LISTS).values() for rule in catalogue(form)}


def test_the_ids_of_all_rules_are_those_of_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert implemented() == {*COMMON_RULES, *TABLE_RULES, *OWN}
    assert set(COMMON) - set(OWN) == set(COMMON_RULES)
    with capsys.disabled():
        print(
            f"\nrules: {len(COMMON_RULES)} common and across tables, {len(TABLE_RULES)} of tables, {len(OWN)} of our own"
        )
        print("elsewhere:", *(f"  {clause}: {where}" for clause, where in ELSEWHERE.items()), sep="\n")
        print("left for later:", *(f"  {clause}: {why}" for clause, why in LATER.items()), sep="\n")


def test_every_common_rule_is_told_by_some_code() -> None:
    """Words in the catalogue alone are no rule."""
    folder = Path(yaoxun.forms.__file__).parent
    code = "".join(p.read_text("utf-8") for p in folder.rglob("*.py") if p.name != "catalogue.py")
    assert [rule for rule in COMMON if f'"{rule}"' not in code] == []
