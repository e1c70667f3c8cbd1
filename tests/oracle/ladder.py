"""§3(2) and §3(3): was the procedure kept? Each rule of the ladder from its clause, for one case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from tests.oracle import policy
from tests.oracle.cases import (
    ANNOUNCED,
    APPLIED,
    ELIMINATION,
    FILED,
    GROUP_REVIEW,
    INCLUSION,
    LABELLED,
    NOT_NAMED,
    POSTED,
    REVIEWED,
    TOWN_REVIEWED,
    Case,
    asked,
    authorised,
    cases_on,
    told_until,
)
from tests.oracle.county import County
from tests.oracle.deliveries import Row, day, last_day, said
from tests.oracle.procedure import acceptance, working_days_after
from tests.oracle.three_valued import NOT_APPLICABLE, RAISED, UNKNOWN, Truth, all_of, any_of, status

Judge = Callable[[Case, County, date], str]


def of_every_case(judge: Judge, kind: str) -> Callable[[County, date], Iterator[tuple[str, str]]]:
    """A rule over all cases of one ladder: each one's household, and the answer."""

    def answers(county: County, today: date) -> Iterator[tuple[str, str]]:
        for case in cases_on(county, today):
            if case.kind == kind:
                yield case.household, judge(case, county, today)

    return answers


def _on_the_ladder(judge: Judge) -> Judge:
    """A rule of the steps: an application turned down came to none; not delivered is not known."""

    def judged(case: Case, county: County, today: date) -> str:
        if case.was_declined:
            return NOT_APPLICABLE
        return judge(case, county, today) if case.is_told else UNKNOWN

    return judged


def _number(row: Row, heading: str) -> int | None:
    return int(row[heading]) if row[heading] else None


def r36(case: Case, county: County, today: date) -> str:
    """农户…提出申请: nobody is included without an application; 等 leaves its ways open."""
    if case.application is not None:
        return status(False if case.application["申请方式"] else None)
    # The step alone says that there was one, not in which way.
    return RAISED if case.is_told and APPLIED not in case.steps else UNKNOWN


def r37(case: Case, county: County, today: date) -> str:
    """授权查询家庭资产信息: signed by the day on which the comparison was asked for."""
    if not case.requests:
        return NOT_APPLICABLE
    return status(any_of(_without_authorisation(case, rows, county, today) for rows in case.requests))


def _without_authorisation(case: Case, rows: list[Row], county: County, today: date) -> Truth:
    allowed = authorised(case.household, asked(rows) or today, county, today)
    return None if allowed is None else not allowed


def r38(case: Case, county: County, today: date) -> str:
    """不识字的，可以委托…代为填写，同时加按本人手印，并将相关内容告知农户: both, if somebody stood in."""
    if case.application is None:
        return UNKNOWN
    if not case.application["代填人身份"]:
        return NOT_APPLICABLE
    kept = all_of(said(case.application[head]) for head in ("是否按手印", "是否告知农户"))
    return status(None if kept is None else not kept)


def r39(case: Case, county: County, today: date) -> str:
    """各乡镇需在7个工作日内受理，并将处理结果录入系统: of applications by APP and platform."""
    return UNKNOWN if case.application is None else acceptance(case.application, today)


def r40(case: Case, county: County, today: date) -> str:
    """农户申请后要进行小组评议: before the village goes on."""
    if not case.has_come_to(GROUP_REVIEW):
        return NOT_APPLICABLE
    if GROUP_REVIEW not in case.dates:
        return RAISED if case.reached > case.rank(GROUP_REVIEW) else NOT_APPLICABLE
    return status(REVIEWED in case.dates and case.dates[GROUP_REVIEW] > case.dates[REVIEWED])


def r41(case: Case, county: County, today: date) -> str:
    """提交…公安(交警)、自然资源和规划局(不动产)、人社、银行、金融、农机等部门开展数据比对: six departments answer."""
    sure, perhaps = set(), set()
    for rows in case.requests:
        allowed = authorised(case.household, asked(rows) or today, county, today)
        answered = {row["比对部门"] for row in rows if (day(row["反馈日期"]) or date.max) <= today}
        sure |= answered if allowed else set()
        perhaps |= answered if allowed is None else set()
    if len(sure) >= policy.COMPARED_DEPARTMENTS:
        return status(False)
    if not case.has_come_to(REVIEWED):
        return NOT_APPLICABLE
    until, needed = told_until(county.comparisons, today), _day_of_review(case)
    is_all_told = until is not None and needed is not None and needed <= until
    could_be = not is_all_told or len(sure | perhaps) >= policy.COMPARED_DEPARTMENTS
    return UNKNOWN if could_be else RAISED


def _day_of_review(case: Case) -> date | None:
    """The day by which the village had reviewed, if it left no word by what came next, at the latest the listing."""
    later = [case.dates[s] for steps in case.ladder[case.rank(REVIEWED) :] for s in steps if s in case.dates]
    return later[0] if later else last_day(case.listed) if case.listed is not None else None


def r42(case: Case, county: County, today: date) -> str:
    """村两委成员、驻村工作队成员、村监督委员会成员及部分村民代表参加: one of each of the four at least."""
    if not case.has_come_to(REVIEWED):
        return NOT_APPLICABLE
    if REVIEWED not in case.steps:
        return UNKNOWN
    counts = [_number(case.steps[REVIEWED], head) for head in policy.REVIEW_ATTENDANCE]
    return status(any_of(None if count is None else count < 1 for count in counts))


def r43(case: Case, county: County, today: date) -> str:
    """初选名单在村内公示(不少于5)."""
    if case.reached <= case.rank(POSTED) and _taken_down(case) is None:
        return NOT_APPLICABLE  # not posted yet, or still hanging
    return status(_hung_too_short(case))


def _hung_too_short(case: Case) -> Truth:
    """For fewer days than asked after the day of posting; not known while the list hangs, or if nobody tells."""
    start, stop = case.dates.get(POSTED), _taken_down(case)
    return None if start is None or stop is None else (stop - start).days < policy.PUBLICITY_DAYS


def _taken_down(case: Case) -> date | None:
    return day(case.steps[POSTED]["结束日期"]) if POSTED in case.steps else None


def _not_after(case: Case, before: date | None, step: str, *, same_day: bool = False) -> Truth:
    """Whether a step came too early after what goes before it; a step not reached breaks nothing."""
    if not case.has_come_to(step):
        return False
    taken = case.dates.get(step)
    if before is None or taken is None:
        return None
    return taken < before if same_day else taken <= before


def _has_open_objection(case: Case) -> Truth:
    """公示无异议的: no objection, or each resolved."""
    count = _number(case.steps[POSTED], "异议件数") if POSTED in case.steps else None
    if not count:
        return None if count is None else False
    resolved = said(case.steps[POSTED]["异议是否解决"])
    return None if resolved is None else not resolved


def _handed_up_wrongly(case: Case) -> list[Truth]:
    """公示无异议的，上报乡(镇)…审核并提交县级…备案公告: what can be wrong on the way up."""
    return [
        _not_after(case, _taken_down(case), TOWN_REVIEWED),
        _not_after(case, case.dates.get(TOWN_REVIEWED), FILED),
        _not_after(case, case.dates.get(FILED), ANNOUNCED, same_day=True),
        _has_open_objection(case) if case.has_come_to(TOWN_REVIEWED) else False,
    ]


def r44(case: Case, county: County, today: date) -> str:
    """End of publicity < township's review < county's filing ≤ announcement, and no objection stands."""
    if not case.has_come_to(TOWN_REVIEWED):
        return NOT_APPLICABLE
    return status(any_of(_handed_up_wrongly(case)))


def r45(case: Case, county: County, today: date) -> str:
    """在全国防止返贫监测信息系统中进行录入标注: so many working days after the filing, which itself does not count."""
    if not case.has_come_to(FILED):
        return NOT_APPLICABLE
    filed, labelled = case.dates.get(FILED), case.dates.get(LABELLED)
    if filed is None or (labelled is None and case.listed is not None):
        return UNKNOWN  # that a household is on the list says nothing of the day
    taken = working_days_after(filed, labelled or today)
    return UNKNOWN if taken is None else status(taken > policy.LABELLING_WORKING_DAYS)


def _is_broken(case: Case) -> bool:
    """A step that the policy names was left out, or one was taken before what comes earlier on the ladder."""
    shown = {LABELLED} if case.listed is not None else set()
    for place, steps in enumerate(case.ladder):
        for step in steps:
            named = (case.kind, step) not in NOT_NAMED
            if named and step not in case.dates and step not in shown and place < case.reached:
                return True
            earlier = [case.dates[s] for before in case.ladder[:place] for s in before if s in case.dates]
            if step in case.dates and earlier and case.dates[step] < max(earlier):
                return True
    return False


def r46(case: Case, county: County, today: date) -> str:
    """The whole of §3(2): any step left out or out of turn is a defect."""
    return status(_is_broken(case))


def r48(case: Case, county: County, today: date) -> str:
    """经村级评议…公示…审核…备案公告，并…标注风险消除: the same ladder down as up."""
    too_short = _hung_too_short(case) if case.has_come_to(TOWN_REVIEWED) or _taken_down(case) else False
    return status(any_of([_is_broken(case), too_short, *_handed_up_wrongly(case)]))


OF_INCLUSIONS: dict[str, Judge] = {
    "R36": r36,
    "R37": r37,
    "R38": r38,
    "R39": r39,
    **{
        rule: _on_the_ladder(judge)
        for rule, judge in {"R40": r40, "R41": r41, "R42": r42, "R43": r43, "R44": r44, "R45": r45, "R46": r46}.items()
    },
}
OF_ELIMINATIONS: dict[str, Judge] = {"R48": _on_the_ladder(r48)}
JUDGES = {rule: of_every_case(judge, INCLUSION) for rule, judge in OF_INCLUSIONS.items()} | {
    rule: of_every_case(judge, ELIMINATION) for rule, judge in OF_ELIMINATIONS.items()
}
