"""Assumed figures of the departments' own files, beside those of the story itself (assumptions.py).

Sources are sections of the policy research (rules.md); "assumed" means that no source was found. Shares lie between 0
and 1, money is yuan, days are calendar days unless said.
"""

from __future__ import annotations

# --- lives --------------------------------------------------------------------------------------------------------
DEATHS_OF_ELDERS_A_YEAR = 0.012  # of those of 60 and more who head no larger household; assumed
MOVES_A_YEAR = 0.003  # of grown children: they marry out; assumed
SPLITS_A_YEAR = 0.0006  # of ordinary households: a grown child sets up house; assumed
MERGES_A_YEAR = 0.0004  # of ordinary households: an old person moves in with another household; assumed
SETTLED_INCOME_PER_HEAD = 9_000  # such changes befall only households far above the line; project assumption

# --- grids --------------------------------------------------------------------------------------------------------
GROUPS_PER_VILLAGE = 8  # villagers' groups; one grid each (R52 names no size); assumed
KEEPER_CHANGE_A_YEAR = 0.12  # of grids; assumed
KEEPER_GAP_DAYS = (0, 25)  # between two keepers; assumed
GRID_VACANT_SHARE = 0.015  # of grids without a keeper at a time; assumed
CADRES_PER_TOWNSHIP = 90  # helpers and visitors; assumed

# --- procedure ----------------------------------------------------------------------------------------------------
CHANNELS = {"self_report": 0.34, "cadre_check": 0.32, "dept_screen": 0.26, "petition": 0.06, "media": 0.02}  # assumed
REFUSED_APPLICATIONS = 0.45  # applications without inclusion, of those with; assumed
DEFECT_SHARE = 0.05  # of cases with a step left out, cut short or out of order; assumed
DEFECTS = ("step_skipped", "publicity_short", "order_broken", "attendance_missing", "entered_late")
LATE_ACCEPTANCE_SHARE = 0.10  # of applications by app or platform accepted after 7 working days (R39); assumed
COMPARISON_DAYS = (1, 5)  # a department answers in so many days; 5 working days proposed (R71)
COMPARISON_LATE_SHARE = 0.03  # answers after the month's end; assumed
FORMS = (0.62, 0.24, 0.10, 0.04)  # paper, app, platform, other; assumed
AGENT_SHARE = 0.12  # of applications filled in by another (R38); assumed

# --- breaches of the procedure; each county has at least one of each that its cases allow -----------------------------
COMPARED_UNAUTHORISED_SHARE = 0.03  # of comparisons, asked for before the form was signed or without one (R37); assumed
FORM_BREACH_SHARE = (
    0.2  # of forms filled in by another, without a fingerprint or a word to the household (R38); assumed
)
ELIMINATION_BREACH_SHARE = 0.08  # of eliminations that did not climb their ladder (R48); assumed
DEPARTMENTS_NOT_MET_SHARE = 0.06  # of counties and quarters in which the departments did not consult (R73); assumed
DEPARTMENTS_UNDECIDED_SHARE = 0.06  # in which they met and settled nothing (R73); assumed

# --- what becomes of monitored households: shares of those watched when the world begins, a year; at least one each ---
MONITORED_TURNS_A_YEAR = {
    "cleared_without_labour": 0.012,  # marked eliminated though nobody can work (R51); assumed
    "died_out": 0.012,  # old people who lived alone; assumed
    "emigrated": 0.006,  # the whole household; assumed
    "merged": 0.006,  # old people who move in with another monitored household; assumed
    "moved": 0.012,  # to another township of the county, where the world has one; assumed
    "split": 0.008,  # a grown child sets up house; assumed
    "retyped": 0.030,  # from or to the type of sudden hardship; assumed
}

# --- visits -------------------------------------------------------------------------------------------------------
VISIT_SHARE_MONITORED = 0.93  # of monitored households visited in a month (30 days proposed, R31); assumed
VISITS_A_YEAR = {"lifted_out": 1.4, "ordinary": 0.06}  # assumed: others within 365 days by the yearly check
VISIT_ENTRY_LAG_DAYS = (0, 6)  # assumed

# --- helpers, measures, money -------------------------------------------------------------------------------------
SECOND_HELPER_SHARE = 0.55  # one or two helpers each (R66); assumed
HELPER_CHANGE_A_YEAR = 0.15  # transfers, retirement, illness (R64); assumed
HELPER_GAP_SHARE = 0.04  # of changes that leave a gap of more than 15 days (R64 proposed); assumed
HELPER_GAP_DAYS = (18, 60)
NO_COUNTY_HELPER_SHARE = 0.012  # of monitored households (R66); assumed
HELPER_ARRANGED_WITHIN_DAYS = (1, 9)  # assumed
MEASURE_LATE_SHARE = 0.03  # of measures not begun a month after identification (data_shapes.md 3.2); assumed
MEASURE_YUAN = (300, 6_000)  # assumed
FUND_OPENING = {"县级救助基金": 2_000_000, "乡级救助基金": 120_000, "防贫保险": 1_500_000}  # assumed
FUND_RAISED_A_MONTH = {"县级救助基金": (20_000, 90_000), "乡级救助基金": (0, 9_000), "防贫保险": (15_000, 60_000)}

# --- departments --------------------------------------------------------------------------------------------------
MISSED_SCREENING_SHARE = 0.03  # of department, county and quarter (R33); assumed
SYSTEM_MISMATCH_SHARE = 0.006  # of households in the two systems (R55; tolerance proposed 0.5 %); assumed
CHRONIC_CONTRACT_SHARE = 0.86  # assumed
DISABILITY_LEVELS = (0.10, 0.24, 0.34, 0.32)  # levels 1 to 4; 1 and 2 are severe [BG] (rules.md §2.4); assumed
SCHOOL_FEES = {4: (3_200, 8_800), 5: (1_800, 7_600), 6: (5_200, 9_700)}  # senior high, vocational, college; under
# the county's trigger of 10 000 (rules.md §2.4 [S24]) but for:
SCHOOL_FEES_HIGH_SHARE, SCHOOL_FEES_HIGH = 0.004, (10_400, 17_000)  # assumed
DIBAO_MONTHLY = (260, 520)  # a head; assumed
TEKUN_MONTHLY = (620, 780)  # assumed
RELIEF_SHARE = 0.55  # of fresh hardship answered with temporary relief; assumed
RELIEF_YUAN = (800, 6_000)  # assumed
LOAN_SHARE = 0.11  # of lifted-out households with a small loan; assumed
LOAN_YUAN = (10_000, 50_000)  # the scheme lends up to 50 000 [BG]
LOAN_OVERDUE_SHARE = 0.012  # of loans; of those in hardship see LOAN_OVERDUE_HARDSHIP; assumed
LOAN_OVERDUE_HARDSHIP = 0.5  # assumed
WATER_TROUBLE_PER_VILLAGE_QUARTER = 0.02  # short interruptions; assumed
BUSINESS_CLOSED_A_YEAR = 0.03  # of registered businesses; assumed
ACCIDENTS_A_YEAR = 0.0004  # of persons: light injuries; the grave ones are the story's; assumed
PETITIONS_PER_COUNTY_WEEK = 2.2  # assumed
MEDIA_CLUES_PER_WEEK = 1.1  # assumed
PROJECTS_PER_TOWNSHIP, ENTERPRISES_PER_TOWNSHIP = 7, 5  # assumed
LINKED_SHARE = 0.30  # of lifted-out households; assumed
PROJECT_FAILS_A_YEAR = 0.02  # assumed
ABNORMAL_MONTHS, ABNORMAL_DAYS = 2, 4  # an operator is listed as abnormal from so long before its last month; assumed
EMERGENCY_CORRECTED = (0.75, 0.98)  # a verified statement over the first one; restated down; §5 [S51] shows upwards
AUDIT_SAMPLE_PER_TOWNSHIP = 60  # unflagged households looked at in each yearly check (R32); assumed
SPOT_CHECKS_PER_COUNTY = 40  # assumed
FINDINGS_PER_COUNTY_YEAR = 6  # assumed
AWARE_SHARE = (0.72, 0.97)  # assumed
WEAK_MOTIVATION_SHARE = 0.004  # of persons able to work in lifted-out households (R62); assumed

# --- the line -----------------------------------------------------------------------------------------------------
NATIONAL_STANDARD_2020 = 4_000  # 6 000 is 1.5 times it (§1.2 R09 [S12])
DIBAO_STANDARD = {2020: 7_000, 2021: 7_800}  # rural subsistence, a year; assumed
INCOME_GROWTH = {2020: 7.8, 2021: 11.1}  # of rural disposable income, per cent; assumed
PRICE_INDEX = {2020: 102.7, 2021: 100.9}  # assumed
