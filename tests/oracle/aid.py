"""§3(4) and §4(1)-(3): what is done for those who are monitored, each rule from its clause."""

from __future__ import annotations

from datetime import date

from tests.oracle import policy, who
from tests.oracle.county import Lists
from tests.oracle.deliveries import Row, day, last_day, month_of, said
from tests.oracle.households import HouseholdOnDay
from tests.oracle.three_valued import CLEAR, NOT_APPLICABLE, RAISED, UNKNOWN, Truth, all_of, any_of, status

# 通过产业就业创业开发式帮扶: a public-welfare job is employment, a loan is lent for production.
DEVELOPMENT = frozenset({"产业帮扶", "就业帮扶", "创业帮扶", "公益岗位帮扶", "金融帮扶"})
SAFETY_NET = frozenset({"综合保障"})
RELIEF = frozenset({"低保", "特困供养", "临时救助"})
# 志智双扶: education and the changing of minds by their class, training by its name.
MOTIVATION = frozenset({"义务教育帮扶", "教育帮扶", "志智双扶"})
TRAINING, TRAINED_FOR = "培训", frozenset({"产业帮扶", "就业帮扶", "创业帮扶"})


def recent(household: HouseholdOnDay, lists: Lists) -> int | None:
    """The month of the newest list, unless it is too old to say anything."""
    newest = lists.in_force(household.today)
    is_told = newest is not None and month_of(household.today) - newest <= policy.ASSISTANCE_LIST_MAX_AGE
    return newest if is_told else None


def rows_of(household: HouseholdOnDay, lists: Lists) -> list[Row] | None:
    """The household's rows in the newest list; None while there is none that says anything."""
    newest = recent(household, lists)
    return None if newest is None else household.county.by(lists, newest, "户编号").get(household.number, [])


def measures(household: HouseholdOnDay) -> list[Row] | None:
    """The measures that are carried out on the last day of which the newest list tells: a plan is none, nor is one that
    is over. Its state says which; a day may be blank. None while there is no list.
    """
    rows, newest = rows_of(household, household.county.measures), recent(household, household.county.measures)
    if rows is None or newest is None:
        return None
    told = last_day(newest)
    return [
        row
        for row in rows
        if row["实施状态"] == "实施中"
        and (day(row["开始实施日期"]) or date.min) <= told < (day(row["结束日期"]) or date.max)
    ]


def classes(household: HouseholdOnDay) -> set[str] | None:
    """The classes of the measures that are carried out."""
    rows = measures(household)
    return None if rows is None else {row["措施类别"] for row in rows}


def is_due(household: HouseholdOnDay) -> bool:
    """Whether the newest list of measures is later than the time in which the first one has to come (A7)."""
    newest, since = recent(household, household.county.measures), household.identified
    return newest is None or since is None or newest - since > policy.FIRST_MEASURE_MONTHS


def not_asked(household: HouseholdOnDay) -> str | None:
    """§4 speaks of monitored households, and of those only."""
    return {None: UNKNOWN, False: NOT_APPLICABLE}.get(household.is_monitored)


def unanswered(household: HouseholdOnDay) -> Truth:
    """One of the risks that stand has no measure of a class that can answer it."""
    done = classes(household)
    if done is None:
        return None
    return not all(done & policy.ANSWERS.get(risk, done) for risk in household.open_risks)


def r53(household: HouseholdOnDay) -> str:
    """应纳尽纳、应帮尽帮: whoever fulfils a type's conditions is included, and whoever is included is helped."""
    if household.is_monitored is None:
        return UNKNOWN
    if household.is_monitored:
        done = measures(household)
        return UNKNOWN if done is None else status(not done and is_due(household))
    types = [judge(household) for judge in (who.r03, who.r04, who.r05)]
    return RAISED if RAISED in types else UNKNOWN if UNKNOWN in types else CLEAR


def r57(household: HouseholdOnDay) -> str:
    """因人因户精准施策: each risk that stands is answered by a measure of a class that can answer it."""
    if not_asked(household):
        return not_asked(household)
    if not household.open_risks or not is_due(household):
        return NOT_APPLICABLE
    return status(unanswered(household))


def r58(household: HouseholdOnDay) -> str:
    """对风险单一的,实施单项帮扶: for one risk, no more than one class of measures; too few is R57's."""
    if not_asked(household):
        return not_asked(household)
    if len(household.open_risks) != 1:
        return NOT_APPLICABLE
    done = classes(household)
    return status(None if done is None else len(done) > policy.SINGLE_RISK_CLASSES)


def r59(household: HouseholdOnDay) -> str:
    """对风险复杂多样的,综合施策: for several risks, several classes of measures, and none of the risks left."""
    if not_asked(household):
        return not_asked(household)
    if len(household.open_risks) < policy.MANY_RISKS or not is_due(household):
        return NOT_APPLICABLE
    done = classes(household)
    return status(any_of([None if done is None else len(done) < policy.MANY_RISKS_CLASSES, unanswered(household)]))


def _needs_safety_net(household: HouseholdOnDay) -> Truth:
    """无劳动能力或部分丧失劳动能力且无法通过产业就业获得稳定收入: the other households are helped to develop."""
    earns = any_of([household.has_full_labour, all_of([household.has_labour, household.earns_steadily])])
    return None if earns is None else not earns


def r60(household: HouseholdOnDay) -> str:
    """对有劳动能力的,通过产业就业创业开发式帮扶: one such measure at least."""
    if not_asked(household):
        return not_asked(household)
    needs = _needs_safety_net(household)
    if needs or not is_due(household):
        return NOT_APPLICABLE
    done = classes(household)
    return status(all_of([None if needs is None else True, None if done is None else not done & DEVELOPMENT]))


def r61(household: HouseholdOnDay) -> str:
    """…做好兜底保障: for those who cannot work, or only partly and without steady earnings, one such help at least."""
    if not_asked(household):
        return not_asked(household)
    needs = _needs_safety_net(household)
    if needs is False or not is_due(household):
        return NOT_APPLICABLE
    done = classes(household)
    caught = any_of([None if done is None else bool(done & SAFETY_NET), _has_relief(household)])
    return status(all_of([needs, None if caught is None else not caught]))


def _has_relief(household: HouseholdOnDay) -> Truth:
    rows = rows_of(household, household.county.relief)
    return None if rows is None else any(row["救助类别"] in RELIEF and row["状态"] != "停发" for row in rows)


def r62(household: HouseholdOnDay) -> str:
    """对内生动力不足的,坚持志智双扶: training or education for a household in which somebody is marked."""
    if not_asked(household):
        return not_asked(household)
    marked = any_of([said(member.get("内生动力不足", "")) for member in household.present] or [None])
    if marked is False or not is_due(household):
        return NOT_APPLICABLE
    done = measures(household)
    given = None if done is None else any(_is_motivation(row) for row in done)
    return status(all_of([marked, None if given is None else not given]))


def _is_motivation(measure: Row) -> bool:
    kind = measure["措施类别"]
    return kind in MOTIVATION or (kind in TRAINED_FOR and TRAINING in measure["措施名称"])


def r67(household: HouseholdOnDay) -> str:
    """一户一方案、一人一措施: a plan for the household, and a measure for each member whom the medical list names."""
    if not_asked(household):
        return not_asked(household)
    if not is_due(household):
        return NOT_APPLICABLE
    rows, done = rows_of(household, household.county.measures), measures(household)
    if rows is None or done is None:
        return UNKNOWN
    helped = {row["证件号码"] for row in done}
    is_planned = any(row["方案版本"] for row in rows if row["实施状态"] != "已终止")
    at_risk = household.members_at_risk
    unhelped = None if at_risk is None else not at_risk <= helped
    return status(any_of([not is_planned, unhelped]))
