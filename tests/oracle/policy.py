"""The figures of the policy, as its clauses and the project's published defaults give them."""

from __future__ import annotations

from decimal import Decimal

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
# §3(1) 每季度至少筛查一次: the five departments named there, and 卫健 of §5(1), which is told apart (A6).
SCREENING_DEPARTMENTS = ("教育", "医保", "水利", "住建", "民政", "卫健")
SCREENINGS_A_QUARTER = 1
# §3(2) 各乡镇需在7个工作日内受理, of applications by 手机APP and 咨询服务平台 only (A4).
ACCEPTANCE_WORKING_DAYS = 7
TIMED_FORMS = frozenset({"手机APP", "咨询服务平台"})
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
WORDS = {"病": "因病", "意外": "因意外事故", "灾": "因自然灾害", "失业": "因务工就业不稳", "务工": "因务工就业不稳"}


def risk_named(reason: str) -> str:
    """The risk that the reason of a restated income names."""
    return next((risk for word, risk in WORDS.items() if word in reason), reason)
