"""§4(3): who helps a household, on every day, and who follows when a helper leaves, each rule from its clause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracle import policy
from tests.oracle.aid import not_asked, recent, rows_of
from tests.oracle.deliveries import Row, day, last_day, month_of
from tests.oracle.households import HouseholdOnDay
from tests.oracle.three_valued import NOT_APPLICABLE, UNKNOWN, status

CONTACT, RESPONSIBLE = "帮扶联系人", "帮扶责任人"


@dataclass(frozen=True)
class Term:
    """From when to when somebody helps a household, who arranged it, and why it ended."""

    kind: str
    first: date
    last: date
    by_county: bool
    ended_for: str

    @classmethod
    def of(cls, row: Row) -> Term:
        first, last = day(row["开始日期"]) or date.max, day(row["结束日期"]) or date.max
        return cls(row["类别"], first, last, row["安排层级"] == "县级", row["结束原因"])


def _terms(household: HouseholdOnDay) -> list[Term] | None:
    rows = rows_of(household, household.county.helpers)
    return None if rows is None else [Term.of(row) for row in rows]


def _told(household: HouseholdOnDay) -> tuple[date, date] | None:
    """The days that the newest list is the first to tell of: to its month's end; those of the list that was in force at
    the end of the month before were judged then.
    """
    lists = household.county.helpers
    newest, before = recent(household, lists), lists.before(household.today)
    if newest is None:
        return None
    told_until = before if before is not None and before < newest else newest - 1
    return last_day(told_until) + timedelta(days=1), last_day(newest)


def r64(household: HouseholdOnDay) -> str:
    """不脱钩…及时调整到位: whoever leaves is followed within so many days, each kind of helper for itself.

    From the last day of the one who left to the first of the next, while the household is monitored. Where another of
    the kind stays, and where the risk is gone, nobody has to follow.
    """
    if not_asked(household):
        return not_asked(household)
    terms, told, since = _terms(household), _told(household), household.labelled
    if terms is None or told is None or since is None:
        return UNKNOWN
    if not terms:
        return NOT_APPLICABLE
    return status(any(gap > policy.HELPER_GAP_DAYS for gap in _gaps(terms, since, *told)))


def _gaps(terms: list[Term], since: date, first_told: date, told_until: date) -> list[int]:
    """Days without a helper of a kind, those that a list in force told of before left out."""
    gaps = []
    for left in terms:
        beside = [t for t in terms if t.kind == left.kind and t is not left]
        stays = any((t.first - left.last).days <= 1 and t.last > left.last for t in beside)
        if left.ended_for == "风险消除" or left.last < since or left.last >= told_until or stays:
            continue
        followed = min((t.first for t in beside if t.first > left.last), default=told_until)
        until = min(followed, told_until)
        if until >= first_told:
            gaps.append((until - left.last).days)
    return gaps


def r65(household: HouseholdOnDay) -> str:
    """对新识别的边缘易致贫户和突发严重困难户,及时安排帮扶联系人: so many days after the day of the label (A2)."""
    if not_asked(household):
        return not_asked(household)
    types = {row["监测对象类别"] for row in household.monitored_rows or []}
    identified = household.identified
    if not types & policy.NEW_CONTACT_TYPES or identified is None:
        return NOT_APPLICABLE
    if month_of(household.today) - identified > policy.NEWLY_IDENTIFIED_MONTHS:
        return NOT_APPLICABLE
    terms, told, label = _terms(household), _told(household), household.label_told
    if terms is None or told is None or label is None:
        return UNKNOWN
    starts = [max(t.first, label) for t in terms if t.kind == CONTACT and t.last > label]
    arranged = min((first for first in starts if first <= told[1]), default=None)
    days = ((arranged or told[1]) - label).days
    return NOT_APPLICABLE if arranged is None and days <= policy.CONTACT_DAYS else status(days > policy.CONTACT_DAYS)


def r66(household: HouseholdOnDay) -> str:
    """1-2名帮扶联系人,其中至少1名由县级统筹安排: on every day, by who arranged it, not who employs."""
    if not_asked(household):
        return not_asked(household)
    terms, told, since = _terms(household), _told(household), household.labelled
    if terms is None or told is None or since is None:
        return UNKNOWN
    first = max(since + timedelta(days=1), told[0])  # the day of the label does not count (A2)
    days = [first + timedelta(days=n) for n in range((told[1] - first).days + 1)]
    contacts = [t for t in terms if t.kind == CONTACT]
    return status(not all(_is_served(contacts, today) for today in days)) if days else UNKNOWN


def _is_served(contacts: list[Term], today: date) -> bool:
    active = [t for t in contacts if t.first <= today <= t.last]
    return len(active) in policy.CONTACTS and sum(t.by_county for t in active) >= policy.CONTACTS_BY_COUNTY
