"""§5(2): departments answer comparisons, are connected, and consult each other."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from tests.oracle import policy
from tests.oracle.county import County
from tests.oracle.deliveries import Row, day, month_of
from tests.oracle.duty import NOT_TOLD, Held, duties, is_reported, newest_period, told
from tests.oracle.procedure import working_days_after
from tests.oracle.three_valued import Truth


def _answered_in_time(row: Row) -> Truth:
    """及时: within so many working days; what did not come back by the report of the month after is late."""
    asked, returned = day(row["发起日期"]), day(row["反馈日期"])
    if asked is None or returned is None:
        return False
    taken = working_days_after(asked, returned)
    return None if taken is None else taken <= policy.COMPARISON_WORKING_DAYS


def r71(county: County, today: date) -> Held:
    """数据比对业务要及时按要求完成: the requests of the month before the newest report, by department."""
    reported, _ = newest_period(today, 1, policy.REPORTED_AFTER["comparison_results"])
    newest: dict[tuple[str, str], Row] = {}
    for since, row in told(county, "comparison_results"):
        if since <= today and row["户编号"][:6] == county.region:
            newest[row["比对申请编号"], row["比对部门"]] = row
    answers = defaultdict(list)
    for row in newest.values():
        asked = day(row["发起日期"])
        if asked is not None and month_of(asked) == reported - 1:
            answers[row["比对部门"]].append(_answered_in_time(row))
    is_there = is_reported(county, today, "comparison_results", reported)
    place = county.region.ljust(12, "0")
    return {(place, office): duties(answers[office]) if is_there else NOT_TOLD for office in policy.COMPARING}


def r72(county: County, today: date) -> Held:
    """有序推进相关行业部门系统实时联网: each department's newest stated connection is one."""
    stated: dict[str, tuple[date, str]] = {}
    for known, row in told(county, "screening_runs", "联网"):
        since = day(row["起始日期"])
        speaks_of_it = row["县区代码"][:6] in (county.region, county.region[:4] + "00")
        if since is not None and max(since, known) <= today and speaks_of_it:
            found = since, row["联网方式"]
            stated[row["部门"]] = max(stated.get(row["部门"], found), found, key=lambda entry: entry[0])
    place = county.region.ljust(12, "0")
    return {
        (place, office): duties([stated[office][1] != "未联网" if office in stated else None])
        for office in policy.CONNECTED
    }


def r73(county: County, today: date) -> Held:
    """建立健全部门会商制度,定期集中研判,研究制定应对措施: once a quarter, and something settled."""
    begins, ends = newest_period(today, 3, policy.REPORTED_AFTER["consultations"])
    settled = [
        row
        for since, row in told(county, "consultations")
        if since <= today
        and row["会商层级"] not in ("乡级", "村级")
        and row["地区代码"][:6] in (county.region, county.region[:4] + "00")
        and (held := day(row["会商日期"])) is not None
        and begins <= month_of(held) <= ends
        and int(row["议定事项数"] or 0) > 0
    ]
    kept: Truth = bool(settled) or (False if is_reported(county, today, "consultations", ends) else None)
    return {(county.region.ljust(12, "0"), ""): duties([kept])}
