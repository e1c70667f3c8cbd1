"""How shocks work on households and files: the demo's assumptions, and what another world may put in their place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulation import assumptions as a
from simulation import office_assumptions as o
from simulation.months import month_of, number_of
from simulation.shocks import Shock

Bounds = tuple[float, float]


@dataclass(frozen=True)
class Effects:
    """Effect sizes and lags. The defaults are the demo's, where a shock's whole loss has come about at the world's end.

    sold_over_months: by component, the months in which a year's output is sold; all at the fallen price without it.
    by_month: losses come about month by month instead, and are stated by `report_lags`: the chances that a loss is
    written down 0, 1, 2, … months after most of it has come about.
    """

    by_month: bool = False
    report_lags: tuple[float, ...] = (1.0,)
    floor_per_head: Bounds = a.FLOOR_PER_HEAD
    reported_share: Bounds = a.REPORTED_SHARE
    reported_cap: int = a.REPORTED_CAP_PER_TOWNSHIP
    job_loss_arrears_months: Bounds = a.JOB_LOSS_ARREARS_MONTHS
    hazard_loss: Mapping[str, Mapping[str, Bounds]] = field(default_factory=lambda: a.HAZARD_LOSS)
    hazard_household_factor: Bounds = a.HAZARD_HOUSEHOLD_FACTOR
    hazard_claims: Bounds = a.HAZARD_CLAIMS
    disaster_affected: Bounds = a.DISASTER_SHOCK_AFFECTED
    link_business_lost: Bounds = a.LINK_BUSINESS_LOST
    link_paid_out_lost: float = a.LINK_PAID_OUT_LOST
    link_months: int = 1  # until all that an operator's failure costs has come about
    project_fails_a_year: float = o.PROJECT_FAILS_A_YEAR  # and operators: beside the shocks, at no cost to anyone
    price_ramp_days: int = a.PRICE_RAMP_DAYS
    sold_over_months: Mapping[str, int] = field(default_factory=dict)

    def price_share(self, shock: Shock, component: str) -> float:
        """The share of the year's output that is sold at a fallen price."""
        months = self.sold_over_months.get(component)
        return 1.0 if months is None else min(1.0, _lasts(shock) / months)

    def course(self, shock: Shock) -> tuple[float, ...]:
        """The share of the loss that has come about at the end of each month from the onset's on; the last stays."""
        if not self.by_month:
            return (1.0,)
        months = _lasts(shock)
        if shock.kind in ("employment", "site"):
            owed = sum(self.job_loss_arrears_months) / 2
            return tuple((owed + k + 1) / (owed + months) for k in range(months))
        if shock.kind == "hazard":
            return (*(0.0 for _ in range(_until_harvest(shock))), 1.0)
        if shock.kind in ("project", "link"):
            return tuple((k + 1) / self.link_months for k in range(self.link_months))
        return tuple((k + 1) / months for k in range(months))


def _lasts(shock: Shock) -> int:
    if shock.until is None:
        raise ValueError(f"shock {shock.number} has no end: losses that come about by month need one")
    return max(1, min(12, month_of(shock.until) - shock.onset_month))


def _until_harvest(shock: Shock) -> int:
    """Months from the onset to the next harvest: pears in September, else wheat in June and maize in October."""
    harvests = (9,) if shock.hazard_type == "霜冻" else (6, 10)
    return min((month - number_of(shock.onset_month)) % 12 for month in harvests)


@dataclass(frozen=True)
class Delay:
    """Files of these feeds about `county` (6 digits, in their names; every file if empty) come `days` later.

    Only those that would have come between `first` and `last`.
    """

    feeds: Collection[str]
    county: str
    first: datetime
    last: datetime
    days: int

    def moved(self, feed: str, name: str, moment: datetime) -> datetime:
        """When the file comes."""
        late = feed in self.feeds and self.county in name and self.first <= moment <= self.last
        return moment + timedelta(days=self.days) if late else moment


@dataclass(frozen=True)
class Plan:
    """What a world is to undergo instead of one drawn shock.

    late_shocks: the
    numbers of those that late files hide. feeds: those that are written; None for all.
    """

    shocks: tuple[Shock, ...]
    site_townships: tuple[str, ...]
    effects: Effects
    delays: tuple[Delay, ...] = ()
    late_shocks: tuple[int, ...] = ()
    feeds: Collection[str] | None = None
