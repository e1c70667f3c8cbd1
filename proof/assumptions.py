"""What the proof assumes of the world, apart from the demo's assumptions, and what it counts. Fixed before any result.

The rules of the warehouse were written beside simulation/assumptions.py. A proof on the same numbers would only show
that they fit each other, so effect sizes and lags are others here: shocks of every size, losses that come about month
by month, reports that are fewer and later, homes that warnings name and nothing befalls. ADR 0021 gives the reasons.
Every number without a source is assumed.
"""

from __future__ import annotations

from simulation.effects import Effects

# --- worlds ------------------------------------------------------------------------------------------------------
WORLDS = 8
FIRST_MONTH, LAST_MONTH = "2019-01", "2021-12"
JUDGED_MONTHS = 24  # the year before gives employment and incomes their year before
REPLAYED_MONTHS = 6  # of history of a day judged again: more than any window of a level
TOWNSHIPS = 20  # four in each county
HOUSEHOLDS_PER_TOWNSHIP = 1_500  # about 240 vulnerable ones: shares can be judged, counts rarely reach those of 12 000

# --- what strikes, in each world ----------------------------------------------------------------------------------
HAZARDS_PER_COUNTY = 1
PER_COUNTY_EMPLOYMENT = 1
PER_WORLD = {"hog_price": 1, "pear_price": 1, "site": 3, "settlement": 2, "project": 4, "link": 4}
SINGLE_FAILURES = {"project": 3, "link": 3}  # of one operator alone; about what 2 % a year makes of all in that time
SIZES = {  # small, medium, large: drawn alike often
    "hazard": ((0.10, 0.30), (0.30, 0.60), (0.60, 0.90)),
    "hog_price": ((0.12, 0.22), (0.22, 0.35), (0.35, 0.52)),
    "pear_price": ((0.12, 0.22), (0.22, 0.35), (0.35, 0.52)),
    "employment": ((0.04, 0.10), (0.10, 0.18), (0.18, 0.30)),
    "site": ((0.05, 0.15), (0.15, 0.30), (0.30, 0.50)),
    "settlement": ((0.05, 0.15), (0.15, 0.30), (0.30, 0.50)),
    "project": ((0.40, 0.60), (0.60, 0.80), (0.80, 1.00)),
    "link": ((0.40, 0.60), (0.60, 0.80), (0.80, 1.00)),
}
NOTHING_HAPPENS_SHARE = 0.25  # of hazard warnings: no harvest is lost; of projects and links: nobody depends on them
COLOURS = {"yellow": 0.3, "orange": 0.4, "red": 0.3}
HAZARD_DAYS = (3, 12)  # how long the warning stands
HAZARD_REACH = (0.25, 0.90)  # share of households that the hazard strikes
HAZARD_MONTHS = (3, 4, 5, 6, 7, 8, 9, 10)
LASTS_MONTHS = {
    "hog_price": (6, 10),
    "pear_price": (4, 7),
    "employment": (4, 8),
    "site": (4, 8),
    "settlement": (3, 6),
    "project": (4, 4),
    "link": (4, 4),
}
APART_MONTHS = 4  # between two shocks on one county
ONSET_MONTHS = (14, 30)  # first and last month of the world in which anything strikes: March 2020 to July 2021
WARM_UP_DAYS = 62  # of the pass: it does not judge the months whose lists would speak on its first days
LATE_SHARE = 0.2  # of shocks whose files come late
LATE_DAYS = (20, 60)
LATE_FOR_DAYS = 75  # the files that would have come so long after the shock

EFFECTS = Effects(
    by_month=True,
    floor_per_head=(6_500, 9_500),  # more households live near the line than in the demo: 7 600 to 11 500
    report_lags=(0.30, 0.35, 0.20, 0.15),  # months until a loss is written down; the demo: about at once
    reported_share=(0.20, 0.45),  # the demo: 0.45 to 0.60
    reported_cap=400,
    job_loss_arrears_months=(0.5, 3.0),  # the demo: 4 to 6
    hazard_loss={
        "干旱": {"grain": (0.20, 0.70), "fruit": (0.05, 0.25)},
        "暴雨": {"grain": (0.20, 0.70), "fruit": (0.15, 0.50)},
        "霜冻": {"grain": (0.10, 0.35), "fruit": (0.30, 0.90)},
    },
    hazard_household_factor=(0.5, 1.2),  # the demo: 0.75 to 1.1
    hazard_claims=(0.30, 0.25),  # fewer insured, but paid more
    disaster_affected=(0.70, 1.10),  # of those it reaches: first counts err
    link_business_lost=(0.50, 1.00),
    link_paid_out_lost=1.0,
    project_fails_a_year=0.0,  # every failure is a shock, whose cost the truth knows
    link_months=4,  # dividends and orders of a season; the demo: at once
    price_ramp_days=28,  # the demo: ten days
    sold_over_months={"hog": 12, "fruit": 6},
)

# --- what counts --------------------------------------------------------------------------------------------------
EFFECT_SHARE = 0.01  # of V: so many households that fall into one of the three types are worth a warning …
EFFECT_HOUSEHOLDS = 3  # … and never fewer than these
LATE_HIT_DAYS = 30  # a warning that comes later than this after the onset is a miss
EXPLAINED_DAYS = 120  # after the last household fell for a shock's sake: a level of that time is no false alarm
WARNING_LEVELS = {"orange_red": 3, "yellow_up": 2}  # the goals are those of the first; ranks of the levels
SINGLE_THRESHOLD = 0.05  # rival: new hardship of 30 days, of V; the share of yellow distress
SINGLE_THRESHOLDS = (0.01, 0.02, 0.03, 0.05, 0.08, 0.12)  # the same rival at other values, to be fair to it
CONFIDENCE, REPEATS = 0.95, 2_000
DAYS_REPLAYED = 20

GOALS = {
    "pod": 0.90,
    "pod_low": 0.80,
    "far": 0.20,
    "lead_days": 30,
    "csi_over_single_threshold": 0.15,
    "messages_per_change": 1,
}

# --- the feeds that the level of a region reads; the others are not written ------------------------------------------
FEEDS = (
    "region_register",
    "household_register",
    "national_monitored_export",
    "medical_insurance",
    "civil_affairs",
    "hrss_employment",
    "relocation_sites",
    "relocation_services",
    "industry_projects",
    "benefit_links",
    "enterprises",
    "market_supervision",
    "verdicts",
    "warnings_cap",
    "prices_market",
    "prices_hog_grain",
    "loss_reports",
    "duty_reports",
    "animal_disease",
    "crop_pests",
    "epidemic",
    "earthquakes",
    "fires",
    "geological_points",
    "public_emergencies",
)
LATE_FEEDS = {  # what comes late where a shock is hidden, beside the restated incomes
    "hazard": ("loss_reports", "duty_reports"),
    "hog_price": ("prices_hog_grain",),
    "pear_price": ("prices_market",),
    "employment": ("hrss_employment",),
    "site": ("relocation_sites", "hrss_employment"),
    "settlement": ("relocation_services",),
    "project": ("industry_projects", "benefit_links"),
    "link": ("benefit_links", "enterprises", "market_supervision"),
}
COUNTY_FILES = ("loss_reports", "duty_reports", "hrss_employment", "benefit_links")
RULE_OF = {
    "hazard": "R12-R18",
    "hog_price": "R19",
    "pear_price": "R19",
    "employment": "R20",
    "project": "R21",
    "link": "R22",
    "site": "R23",
    "settlement": "R24",
}
