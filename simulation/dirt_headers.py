"""Which headings of the departments' files hold what, so that each kind of cell goes wrong in its own way."""

from __future__ import annotations

IDS = frozenset({"证件号码", "户主证件号码", "网格员证件号码", "帮扶人证件号码", "申请人证件号码", "借款人证件号码"})
HOUSEHOLDS = frozenset({"户编号"})
NAMES = frozenset(
    {
        "姓名",
        "户主姓名",
        "网格员姓名",
        "帮扶人姓名",
        "申请人姓名",
        "借款人姓名",
        "反映人姓名",
        "法定代表人或经营者",
    }
)
# Every heading that ends so heads a date; months are headed otherwise.
DATE_ENDINGS = ("日期", "到期日", "时限")
MONTHS = frozenset({"统计月份", "截止月份", "收入起始月", "收入截止月", "起始月份"})
YES_NO = frozenset(
    {
        "不愁吃",
        "不愁穿",
        "义务教育保障",
        "基本医疗保障",
        "住房安全保障",
        "饮水安全保障",
        "是否发现风险",
        "是否新增",
        "是否新发证",
        "是否命中",
        "是否有效",
        "是否断水",
        "饮水是否安全",
        "住房是否安全",
        "是否存在风险",
    }
)
# A negative amount in these is hard to believe; the national export says nothing of what is plausible.
AMOUNTS = frozenset(
    {
        "粮食种植收入",
        "林果业收入",
        "生猪养殖收入",
        "其他经营收入",
        "总费用",
        "合规自付费用",
        "基本医保报销",
        "月工资",
        "年带动增收",
        "月发放金额",
        "生活补贴",
        "资助金额",
        "直接经济损失",
        "支付金额",
        "个人务工收入",
        "投入资金",
        "贷款余额",
        "贷款金额",
        "赔偿金额",
        "金额",
    }
)
COUNTS = {"家庭人口数": "99", "保障人数": "99", "逾期天数": "40000", "研判户数": "60000", "调查户数": "90000"}
CODED = frozenset(
    {
        "户类型",
        "就业状态",
        "劳动技能",
        "住房等级",
        "救助类别",
        "联结方式",
        "比对部门",
        "走访人身份",
        "学段",
        "就学状态",
        "残疾类别",
        "病种类别",
        "事件类别",
        "程序步骤",
        "申请方式",
        "五级分类",
        "措施类别",
        "实施状态",
        "安排层级",
        "登记状态",
        "经营状态",
        "运行状态",
        "资金类别",
        "帮扶类别",
        "会商层级",
        "办理状态",
        "渠道",
        "供水方式",
        "核查结果",
        "整改状态",
    }
)
REQUIRED = frozenset(
    {
        "姓名",
        "户主姓名",
        "户主证件号码",
        "统计月份",
        "截止月份",
        "就业状态",
        "救助类别",
        "措施名称",
        "走访日期",
        "办理日期",
        "办理单位",
        "申请日期",
        "支付日期",
        "帮扶人姓名",
        "网格名称",
        "会商日期",
        "核查日期",
        "识别监测时间",
    }
)
SPACED = frozenset({"与户主关系", "户类型", "就业状态", "学校名称", "措施名称", "办理单位", "工作单位"}) | NAMES

# The share of unreadable rows at which each feed's file is refused whole; here a file stays just within it.
READABLE_ENOUGH = {
    "region_register": 0.0,
    "line_dossier": 0.0,
    "verdicts": 0.2,
    "cadre_visits": 0.05,
    "procedure_events": 0.05,
    "self_reports": 0.05,
    "petitions_hotline": 0.05,
    "media_clues": 0.05,
}
READABLE_OTHERWISE = 0.02


def is_date(header: str) -> bool:
    """Whether the heading is a date's."""
    return header.endswith(DATE_ENDINGS)
