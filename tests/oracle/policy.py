"""The figures of the policy, as its clauses and the project's published defaults give them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

# §2(2) 2021年家庭人均纯收入6000(元): net income, strictly below; no other year has a line (ADR 0001).
MONITORING_LINE = {2021: Decimal(6000)}
# Project defaults beside §2(1) 刚性支出较大或收入大幅缩减.
SELF_PAY_LIFTED_OUT, SELF_PAY_OTHER = Decimal(5000), Decimal(20000)  # CNY in twelve months
SELF_PAY_INCOME_SHARE = Decimal("0.5")
INCOME_FALL = Decimal("0.3")
# Project defaults beside §2(1): how long a fact holds, in months; what is older is not known.
INCOME_MAX_AGE = 12
GUARANTEE_MAX_AGE = 12
SELF_PAY_MAX_AGE = 3
# ADR 0009: the statement nearest to a year before, from so many to so many months away.
EARLIER_STATEMENT = range(6, 19)
# ADR 0009: all workers out of work, one of whom worked in one of so many reported months before.
LOST_WORK_WINDOW = 3
# Project defaults beside §2(1) 重点关注…等群体: how many months an office's list speaks of a household, and a failed
# business or a damaged dwelling counts; which level of disability is severe, which age is old, which burden heavy.
KEY_GROUP_LIST_MAX_AGE = 6
FAILED_BUSINESS_MONTHS = REBUILD_MONTHS = 12
SEVERE_LEVEL = 2
ELDER_AGE = 60
CHRONIC_BURDEN_SHARE = Decimal("0.1")
# §3(1) 每季度至少筛查一次: the five departments named there, and 卫健 of §5(1), which is told apart (A6).
SCREENING_DEPARTMENTS = ("教育", "医保", "水利", "住建", "民政", "卫健")
SCREENINGS_A_QUARTER = 1
# By when a report of a period has to be there: days after the period's end, what is tolerated included (the feeds' own
# promises). The duties of a period are judged from then on (ADR 0015).
REPORTED_AFTER = {
    "cadre_visits": 3 + 12,
    "comparison_results": 10 + 10,
    "concentrated_checks": 31 + 31,
    "consultations": 10 + 10,
    "evaluations": 60 + 60,
    "measures": 6 + 9,
    "procedure_events": 3 + 12,
    "provincial_platform_export": 6 + 5,
    "screening_runs": 10 + 20,
    "self_reports": 1 + 6,
}
# What share of its duties a region has to keep: all where the clause names no exception, else project defaults.
ALL = Fraction(1)
VISITED = FRESH = ANSWERED = HELPED = Fraction(95, 100)
AWARE = Fraction(90, 100)
RECONCILED = Fraction(995, 1000)
ENTERED = BASELINE_KEPT = Fraction(98, 100)
# §3(1) 定期入户走访, §3(4) 定期采集: days by class of household, project defaults.
# Of a household that no list speaks of, or of which no list tells whether it is of a key group, more than one may hold.
CLASSES = ("monitored", "key_group", "other", "unlisted", "unclassed")
MAY_BE = {"unlisted": ("monitored", "key_group", "other"), "unclassed": ("key_group", "other")}
VISIT_DAYS = {"monitored": 30, "key_group": 90, "other": 365}
FRESH_DAYS = {"monitored": 90, "key_group": 365, "other": 365}
# §3(1) 每年至少开展一次集中排查: a village counts from this share of its households; the running year from this month.
CHECKED = Fraction(95, 100)
CHECKS_OF_THE_YEAR_FROM = 10
# How long a yearly survey and the lists of grids and keepers speak, in months; project defaults.
SURVEY_MAX_AGE = GRIDS_MAX_AGE = 14
# §5(2) 及时: a comparison is answered within so many working days (A7). §5(3): backdated is what comes after so many.
COMPARISON_WORKING_DAYS = 5
BACKDATED_AFTER = 30
# §1 早发现: what was told of a household so many days before its label is its first sign.
SIGN_DAYS = 365
# §5(2): who answers comparisons (公安, 银行 and 金融 by the clause, the others of §3(2)), and whose systems are to be
# connected, in the words of the lists.
COMPARING = ("公安交警", "自然资源不动产", "人社", "银行", "金融", "农机")
CONNECTED = ("教育", "医保", "水利", "住建", "民政", "卫健", "人社", "公安", "自然资源", "金融", "农机")
# §3(1) 部门筛查预警: what a department's list has to say of a person or a dwelling; a county's published figures and
# background knowledge (rules.md 2.4), project defaults. The self-pay of the year is the two figures above.
OUTPATIENT_A_MONTH = 500  # CNY
SCHOOL_FEES, DEAR_STAGES = 10000, frozenset({"普通高中", "中职"})  # CNY in a school year, more than
OVERDUE_DAYS = 90  # more than
NEEDS_NO_VISIT = frozenset({"死亡", "迁出"})
UNSAFE_GRADES = frozenset({"C", "D"})
DAMAGES = frozenset({"地震", "洪涝", "风雹", "火灾", "采煤塌陷"})
BAD_INJURIES, BAD_DAMAGES = frozenset({"重伤", "死亡"}), frozenset({"严重损坏", "倒塌"})
CLOSED = frozenset({"经营异常", "注销", "吊销", "严重违法"})
OPEN_PETITIONS = frozenset({"待核", "核实中", "已核实"})
# ADR 0013: without a sign for more than so many days the same trouble is a new lead; A7: 及时 is so many working days.
LEAD_GAP_DAYS, LEAD_WORKING_DAYS = 100, 10
# What a township decided on a household's own application.
DECIDED = frozenset({"已纳入监测", "未纳入监测"})
# §3(2) 各乡镇需在7个工作日内受理, of applications by 手机APP and 咨询服务平台 only (A4).
ACCEPTANCE_WORKING_DAYS = 7
TIMED_FORMS = frozenset({"手机APP", "咨询服务平台"})
# What a township answers to an application that it does not follow.
DECLINED = frozenset({"不予受理", "未纳入监测", "撤回"})
# §3(2) 公安(交警部门)、自然资源和规划局(不动产管理中心)、人社、银行、金融、农机.
COMPARED_DEPARTMENTS = 6
# §3(2) 村两委成员、驻村工作队成员、村监督委员会成员及部分村民代表.
REVIEW_ATTENDANCE = ("村两委成员人数", "驻村工作队人数", "村监督委员会人数", "村民代表人数")
# §3(2) 录入标注: a project default (A7); the day of filing does not count (A2).
LABELLING_WORKING_DAYS = 10
# §3(2) 在村内公示(不少于5): calendar days (A1); the day of posting does not count (A2).
PUBLICITY_DAYS = 5
# §2(3) 火灾 to §2(1) 因灾, a project default: a fire that names a household is a shock in its month and twelve more.
FIRE_WINDOW = 12
# §3(3) 收入持续稳定: a project default, as a county of the province has it.
ELIMINATION_INCOME_MONTHS = 6
# §4(3) 每户监测对象安排1-2名帮扶联系人,其中至少1名由县级统筹安排.
CONTACTS = range(1, 3)
CONTACTS_BY_COUNTY = 1
# §2(1): exactly three types.
MONITORED_TYPES = frozenset({"脱贫不稳定户", "边缘易致贫户", "突发严重困难户"})
# A7: the first measure is due a month after the month of identification.
FIRST_MEASURE_MONTHS = 1
# R06: a yuan, of a total that is told per head a yuan a head.
INCOME_TOLERANCE = Decimal(1)
# §3(3) 收入不稳定、刚性支出不可控 (R50): self-pay that is a burden, and over the figure so many months before.
STABILITY_SELF_PAY, STABILITY_RISE, STABILITY_MONTHS = Decimal(2000), Decimal("1.2"), 6
# §4: a list of helpers, measures or relief that is older, in months, says nothing.
ASSISTANCE_LIST_MAX_AGE = 3
# §4(2) 单项帮扶 and 综合施策.
SINGLE_RISK_CLASSES, MANY_RISKS, MANY_RISKS_CLASSES = 1, 2, 2
# §4(1): a type that the fund did not reach in so many months is shut out, if there are so many households of it.
FUND_MONTHS, FUND_HOUSEHOLDS = 12, 5
# A7, §4(3) 及时调整到位 and 及时安排: in days; and how many months a household counts as newly identified.
HELPER_GAP_DAYS, CONTACT_DAYS, NEWLY_IDENTIFIED_MONTHS = 15, 15, 3
NEW_CONTACT_TYPES = frozenset({"边缘易致贫户", "突发严重困难户"})
# §4(2) 根据返贫致贫风险…因人因户精准施策: the classes of measure that can answer a risk, project defaults. A risk that
# is not among them may be answered by any.
ANSWERS = {
    "因病": {"健康帮扶", "综合保障", "社会帮扶"},
    "因残": {"综合保障", "健康帮扶", "就业帮扶", "公益岗位帮扶", "社会帮扶"},
    "缺劳动力": {"综合保障", "公益岗位帮扶", "产业帮扶", "社会帮扶"},
    "因意外事故": {"综合保障", "健康帮扶", "社会帮扶", "住房帮扶"},
    "因产业失败": {"产业帮扶", "金融帮扶", "就业帮扶", "创业帮扶", "公益岗位帮扶"},
    "因务工就业不稳": {"就业帮扶", "公益岗位帮扶", "创业帮扶", "产业帮扶", "金融帮扶"},
    "因学": {"教育帮扶", "义务教育帮扶", "社会帮扶"},
    "因自然灾害": {"综合保障", "产业帮扶", "金融帮扶", "住房帮扶", "搬迁帮扶", "社会帮扶", "饮水帮扶"},
    "因火灾": {"综合保障", "产业帮扶", "金融帮扶", "住房帮扶", "搬迁帮扶", "社会帮扶", "饮水帮扶"},
    "住房安全保障": {"住房帮扶", "搬迁帮扶"},
    "饮水安全保障": {"饮水帮扶"},
    "义务教育保障": {"义务教育帮扶", "教育帮扶"},
    "基本医疗保障": {"健康帮扶", "综合保障"},
    "不愁吃": {"综合保障", "社会帮扶"},
    "不愁穿": {"综合保障", "社会帮扶"},
}
# What visits, audits and petitions call a risk; what is not here names none.
CALLED = {
    **dict.fromkeys(("因病", "患病", "大病", "慢性病", "医疗费用"), "因病"),
    **dict.fromkeys(("因灾", "因自然灾害", "自然灾害"), "因自然灾害"),
    **dict.fromkeys(("产业失败", "因产业失败", "因产业项目失败", "市场价格下跌", "产业项目"), "因产业失败"),
    **dict.fromkeys(("务工就业不稳", "因务工就业不稳", "失业", "因失业", "就业欠薪"), "因务工就业不稳"),
    **dict.fromkeys(("意外事故", "因意外事故"), "因意外事故"),
    **dict.fromkeys(("缺劳动力", "因缺劳动力"), "缺劳动力"),
    **dict.fromkeys(("住房安全", "因安全住房"), "住房安全"),
    **dict.fromkeys(("饮水安全", "因安全饮水", "饮水"), "饮水安全"),
    **dict.fromkeys(("义务教育", "因义务教育", "教育"), "义务教育"),
    **{text: text for text in ("因残", "因学", "基本医疗", "不愁吃", "不愁穿")},
}
WORDS = {"病": "因病", "意外": "因意外事故", "灾": "因自然灾害", "失业": "因务工就业不稳", "务工": "因务工就业不稳"}


def risk_named(reason: str) -> str:
    """The risk that the reason of a restated income names."""
    return next((risk for word, risk in WORDS.items() if word in reason), reason)
