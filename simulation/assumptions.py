"""Every number the simulated prefecture rests on, with where it comes from. "assumed" means no source was found.

Sources are the sections of the policy research (rules.md): §2.1, §2.4, §5 and so on. Money in yuan a year unless said.
"""

from __future__ import annotations

# --- size -------------------------------------------------------------------------------------------------------
HOUSEHOLDS_PER_TOWNSHIP = 12_000  # 1.5 million households over 122 townships (issue; rules.md §2.9)
TOWNSHIPS_AT_FULL_SCALE = 122  # rules.md §2.9 [S63]
VILLAGES_PER_TOWNSHIP = (9, 14)  # assumed
MEMBER_COUNT_SHARES = (
    0.10,
    0.24,
    0.22,
    0.22,
    0.13,
    0.07,
    0.02,
)  # 1..7 members; mean 3.3 of the register (§5: 5 m / 1.5 m)
ELDERLY_ONLY_SHARE = {
    1: 0.70,
    2: 0.35,
}  # by member count; 60+ are 18 % of residents (§5 [S77]), more in villages (assumed)
RARE_CHARACTER_SHARE = 0.0006  # of given names; assumed, so that encodings are tried

# --- categories -------------------------------------------------------------------------------------------------
LIFTED_OUT_SHARE = (0.157, 0.169)  # drawn per township: 220-240 k households of the prefecture's 1.5 m (§5)
MONITORED_OF_LIFTED_OUT = (0.032, 0.052)  # 3-6 % of the lifted-out number (§5, proposed)
MONITORED_LIFTED_OUT_TYPE_SHARE = 0.45  # the rest are ordinary households; Baoshan: 31 / 30 / 39 % by type (§2.1 [S14])
MONITORED_SUDDEN_SHARE = 0.20  # of the monitored, of either household type; assumed
ELIMINATED_SHARE_AT_START = 0.35  # Baoshan half of persons, nation 65 % (§2.1), earlier in time here; assumed
ELIMINATION_AFTER_MONTHS = (7, 20)  # half a year at least (§2.5 [S03])
DIBAO_SHARE = {"lifted_out": 0.18, "ordinary": 0.012}  # assumed
TEKUN_SHARE_OF_ELDERLY_SINGLES = 0.04  # assumed

# --- labour -----------------------------------------------------------------------------------------------------
LABOUR_SKILL_SHARES_WORKING_AGE = (0.83, 0.07, 0.06, 0.02, 0.02)  # ordinary, skilled, weak, lost, none; assumed
LABOUR_SKILL_SHARES_SIXTIES = (0.10, 0.00, 0.45, 0.05, 0.40)  # assumed
HEALTH_SHARES = (0.865, 0.095, 0.032, 0.008)  # healthy, chronic, disabled, major illness; assumed
# Share of vulnerable labour at work, January..December: returns around the Spring Festival and small harvest dips.
# Fixed by calendar month, although the festival moves: the reader compares with the same month a year before.
EMPLOYED_SHARE = (0.80, 0.72, 0.89, 0.93, 0.93, 0.915, 0.935, 0.935, 0.93, 0.92, 0.93, 0.925)  # assumed
NEVER_EMPLOYED_ABOVE = 0.962  # the last 4 % of labour do not work in any month; assumed
MONTHLY_JOB_CHURN = 0.06  # share of labour whose place changes each month; assumed
WORK_PLACE_SHARES = (0.30, 0.12, 0.13, 0.45)  # county, prefecture, province, beyond; out-migration §5 [S75][S76]
SITE_EMPLOYED_SHARE = (0.955, 0.968)  # national rate 94.5 % (§1.2 R23 [S21])
SITE_HOUSEHOLDS = (100, 150)  # few sites on the plain (§5); assumed
SITE_TOWNSHIP_SHARE = 0.3  # of simulated townships in a small world, see sites_in_world; assumed
WORKSHOP_STAFF_SHARE = 0.04  # of the township's vulnerable labour works in the site's workshop; assumed

# --- incomes ----------------------------------------------------------------------------------------------------
# Migrant wages are the biggest component; lifted-out people had 14 342 yuan a head in 2022 nationwide (§2.1 [S22]).
WAGE_PER_WORKER = {"lifted_out": (15_000, 24_000), "ordinary": (18_000, 31_000)}  # assumed
WAGE_GROWTH_A_YEAR = 0.05  # assumed
WAGE_NOISE = 0.035  # standard deviation of a household's yearly change beside growth; assumed, small on purpose
GRAIN_SHARE = 0.88  # households growing wheat and maize; §5 crops, share assumed
LAND_MU = (3.0, 11.0)  # assumed
GRAIN_GROSS_PER_MU = (1_650, 1_950)  # wheat and maize in a year; assumed
GRAIN_FARMER_SHARE = 0.07  # households that live from grain: rented land, no wage worth naming; assumed
GRAIN_FARMER_MU = (30.0, 60.0)  # assumed
FRUIT_SHARE = {"341321": 0.55, "341322": 0.30}  # pears in Dangshan and Xiaoxian (§5 [S82]); share assumed
FRUIT_SHARE_ELSEWHERE = 0.03  # assumed
FRUIT_GROSS = (4_000, 14_000)  # assumed
FRUIT_FARMER_SHARE = {"341321": 0.09, "341322": 0.05}  # households that live from pears; assumed
FRUIT_FARMER_SHARE_ELSEWHERE = 0.002  # assumed
FRUIT_FARMER_GROSS = (38_000, 80_000)  # assumed
HOG_SHARE = (0.062, 0.085)  # drawn per township: hogs throughout, some townships stronger (§5 [BG]); share assumed
HOG_GROSS = (40_000, 130_000)  # assumed
OTHER_BUSINESS_SHARE = 0.08  # assumed
OTHER_BUSINESS_GROSS = (12_000, 70_000)  # assumed
COST_RATIO = {"grain": 0.45, "fruit": 0.42, "hog": 0.76, "other": 0.55}  # of gross; assumed
PROPERTY_SHARE = 0.22  # land rent, dividends; assumed
PROPERTY_INCOME = (200, 2_800)  # assumed
PENSION = (1_400, 2_600)  # per person of 60 and more; assumed
LAND_SUBSIDY_PER_MU = 95  # assumed
FLOOR_PER_HEAD = (7_600, 11_500)  # family support and dibao bring nearly everyone here; assumed, thin tail below
CEILING_PER_HEAD = 60_000  # assumed
LOW_TAIL_PER_TOWNSHIP = {"dibao": 5, "plain": 3}  # under the line and not monitored; assumed, thin on purpose
LOW_TAIL_PER_HEAD = (4_600, 5_950)  # assumed
MONITORED_BELOW_LINE_SHARE = 0.45  # of monitored households whose risk is open; assumed
MONITORED_PER_HEAD_BELOW = (3_900, 5_900)  # assumed
MONITORED_PER_HEAD_ABOVE = (6_300, 9_500)  # assumed
MONITORING_LINE = 6_000  # 2021, yuan a head (§1.3, policy §2(2)); here only to state the truth

# --- guarantees, share of households without -------------------------------------------------------------------
GUARANTEE_GAP = {
    "food": 0.00002,
    "clothing": 0.00002,
    "education": 0.00008,
    "medical": 0.00012,
    "water": 0.00010,
}  # assumed
HOUSING_GRADES = {"A": 0.86, "B": 0.1398, "C": 0.00015, "D": 0.00005}  # C and D count as unsafe; assumed
# --- hardship without a shock ------------------------------------------------------------------------------------
INCOME_DROPS_PER_MONTH = 1.2  # households a township whose income is restated far lower; assumed
INCOME_DROPS_CAP = 3
INCOME_DROP_BELOW_LINE_SHARE = 0.6  # assumed
INCOME_DROP_BELOW = (3_600, 5_900)  # yuan a head after the drop; assumed
INCOME_DROP_SHARE = (0.32, 0.45)  # of income, for those who stay above the line; assumed
OCTOBER_DROPS = (3, 8)  # households a township newly under the line in each yearly edition; assumed
RECOVERY_AT_NEXT_EDITION = 0.5  # assumed
ILLNESS_SHARE_VULNERABLE = 0.001  # of vulnerable households a month (lead's brief)
ILLNESS_SHARE_ORDINARY = 0.00012  # assumed
ILLNESS_CAPS = (4, 3)  # a township and month, vulnerable and ordinary
ILLNESS_SELF_PAY_VULNERABLE = (5_600, 21_000)  # a county pushes from 5 000 for lifted-out people (§2.4 [S24])
ILLNESS_SELF_PAY_ORDINARY = (20_600, 62_000)  # and from 20 000 for others (§2.4 [S24])
INCLUSION_SHARE = 0.7  # of households in hardship that the county includes; some never; assumed
INCLUSION_LAG_MONTHS = (1, 4)  # assumed

# --- medical spending --------------------------------------------------------------------------------------------
MEDICAL_PERSONS_PER_YEAR = 0.18  # persons with a claim in the list in a year; assumed
MEDICAL_SELF_PAY_MEDIAN = 260  # assumed
MEDICAL_SELF_PAY_SIGMA = 0.9  # log-normal; assumed
MEDICAL_HOUSEHOLD_CAP = 2_400  # a year, without a serious illness: two years together stay under 5 000; assumed
MEDICAL_HOUSEHOLD_INCOME_CAP = 0.2  # of net income; assumed
MEDICAL_MARGIN_CAP = 0.4  # of what lies between income and the line; assumed
MEDICAL_BASIC_SHARE = (0.52, 0.66)  # of total cost; assumed
OUTPATIENT_MONTH_CAP = 460  # under the county's trigger of 500 a month (rules.md §2.4 [S24]); assumed
MEDICAL_OWN_LIST_SHARE = 0.05  # outside the insured list; assumed

# --- prices ------------------------------------------------------------------------------------------------------
PRICE_YEARS = 6  # years of series up to the last month's year (issue)
HOG_MAIZE_RATIO = (6.95, 7.30)  # before seasons; above the official 6:1 (§1.3); assumed, not the real cycle
MAIZE_BASE = (2.05, 2.20)  # yuan/kg; assumed
HOG_GROWTH, MAIZE_GROWTH = 0.012, 0.008  # a year; assumed
HOG_SEASON, MAIZE_SEASON = 0.03, 0.015  # amplitude; assumed
WEEKLY_NOISE = 0.007  # standard deviation, cut at two and a half; assumed
MARKET_GROWTH = 0.012  # a year; assumed
DAILY_NOISE = 0.010  # cut at two and a half; assumed
PEAR_BASE, PEAR_SEASON = 1.9, 0.08  # yuan/jin; assumed
WHEAT_BASE, WHEAT_SEASON = 2.5, 0.02  # yuan/kg; assumed
MARKET_MAIZE_BASE, MARKET_MAIZE_SEASON = 2.3, 0.03  # yuan/kg; assumed
EARLY_PEAR = (6.5, 3.5, 20)  # opening price, price after so many days (§5 [S28])
EARLY_PEAR_SEASON = ((7, 8), (9, 20))  # first and last day; assumed, the same every year
EARLY_PEAR_LATE_LOSS = 0.08  # until the season's last day; assumed
QUOTE_SPREAD = 0.05  # low and high around the average; assumed
ODD_QUOTE_SHARE = 0.0005  # of rows each: an exact duplicate, a price of zero or less (xinfadi has far more)

# --- warnings ----------------------------------------------------------------------------------------------------
WARNINGS_PER_REGION_YEAR = 20  # assumed
WARNING_COLOURS = {"蓝色": 0.60, "黄色": 0.29, "橙色": 0.09, "红色": 0.02}  # assumed
WARNING_HIGH_COLOUR_MONTHS = (6, 7, 8)  # routine orange and red only here; assumed
WARNING_QUIET_DAYS = 45  # no routine orange or red before the end (brief)
WARNING_HOURS = (4, 22)  # assumed
WARNING_CANCELLED_SHARE = 0.85  # four in five end before `expires` (methods.md §1)
WARNING_ASCII_LEVEL_SHARE = 0.2  # level texts vary (methods.md §1)
WARNING_LONGEST_SILENCE_DAYS = 5  # a small blue warning fills longer silences, so that the feed is on time
POLL_DAYS = 92  # (brief)

# --- shocks ------------------------------------------------------------------------------------------------------
HAZARD_COLOURS = {"orange": 0.6, "red": 0.4}  # assumed
HAZARD_ONSET_DAYS_BEFORE_END = 40  # at most; early enough that one income file can follow (brief)
HAZARD_LOSS = {  # share of the harvest lost, by component: low, high; assumed
    "干旱": {"grain": (0.60, 0.90), "fruit": (0.15, 0.35)},
    "暴雨": {"grain": (0.60, 0.90), "fruit": (0.40, 0.70)},
    "霜冻": {"grain": (0.30, 0.50), "fruit": (0.75, 0.95)},  # pears lost 88.7 % to frost one April (§5 [S86])
}
HAZARD_HOUSEHOLD_FACTOR = (0.75, 1.1)  # assumed
HAZARD_CLAIMS = (0.4, 0.06)  # share of households insured well, share of lost gross paid; assumed
HOG_FALL = (0.43, 0.52)  # brief: ratio under 5, same-window fall 35 % and more
PEAR_FALL = (0.43, 0.55)  # brief: 40 % and more
PRICE_ONSET_WEEKS = (8, 12)  # before the end; assumed
PRICE_RAMP_DAYS = 10  # assumed
JOB_LOSS = (0.15, 0.25)  # of the county's employed vulnerable labour (brief)
JOB_LOSS_ARREARS_MONTHS = (4.0, 6.0)  # wages never paid by the failed employer; assumed
SITE_JOB_LOSS = (0.32, 0.46)  # of the site's labour; brief: rate under .75
OPERATORS_FAIL = (0.5, 0.8)  # of the operators of the county's townships; assumed
LINK_BUSINESS_LOST = (0.3, 0.6)  # of business gross without the buyer or the service; assumed
LINK_PAID_OUT_LOST = 0.8  # of what the household owns: dividends, shares, rent of land; assumed
SITE_EMPTIED = (0.2, 0.5)  # of a site's homes; assumed
SITE_EMPTIED_COMPLAINTS = (0.08, 0.15)  # a month, of the site's households; assumed
REPORTED_SHARE = (0.45, 0.60)  # of truly affected households; brief: 30-60 %
REPORTED_CAP_PER_TOWNSHIP = 400  # brief
REPORTED_IN_LAST_FILE = 0.75  # the rest a month earlier, where the shock began earlier; assumed
AFFECTED_FALL = 0.30  # R05's proposed cut (§1.2 R05)
JOB_LOSS_RETURNED_SHARE = 0.35  # of those who lost work who are listed as returned, not unemployed; assumed

# --- disasters ---------------------------------------------------------------------------------------------------
DISASTERS_PER_COUNTY_YEAR = {"冰雹": 2.0, "大风": 1.5, "暴雨": 2.5, "火灾": 3.0}  # drawn over all months; assumed
DISASTER_SMALL_AFFECTED = (0.0008, 0.009)  # of a township's households: under the 2 % of a blue level; assumed
DISASTER_SMALL_SEVERITY = (0.04, 0.15)  # of the harvest where it struck; assumed
DISASTER_SHOCK_AFFECTED = (0.55, 0.85)  # of a township's households; assumed
FIRE_HOUSEHOLDS = 3  # burnt out in one fire at most; assumed
DUTY_MINUTES = (5, 40)  # from the disaster to the call (issue: minutes after)
DUTY_RECONCILED_HOURS = (20, 70)  # until the desk knows the event's code; assumed
DUTY_RECONCILED_SHARE = 0.85  # of calls; the others stay without a code; assumed
LOSS_FIRST_HOURS = (0.4, 1.9)  # the first report within two hours (methods.md §1)
LOSS_FOLLOW_UP_DAYS = (0.8, 2.5)  # assumed
LOSS_VERIFIED_DAYS = (5.0, 9.0)  # assumed
LOSS_ON_THE_WAY_HOURS = (0.1, 0.6)  # from report to inbox; assumed
LOSS_LATE_SHARE, LOSS_LATE_HOURS = 0.12, (20.0, 70.0)  # reports that lie about before they are sent; assumed
# What a report says over what is true in the end: the first too little, the follow-up mostly too much. Rumbia 2018
# went from 164 700 to 1 748 200 people in 21 hours (methods.md §1); smaller here; assumed.
LOSS_STAGE_FACTOR = {"初报": (0.35, 0.9), "续报": (0.9, 1.35), "核报": (1.0, 1.0)}
LOSS_MU_PER_HOUSEHOLD = 6.5  # land hit of a household hit; the middle of LAND_MU, a little less; assumed
LOSS_YUAN_PER_HOUSE = {"collapsed": 60_000, "damaged": 6_000}  # assumed
HOUSES_HIT_SHARE = {"暴雨": (0.002, 0.03), "大风": (0.0, 0.05), "冰雹": (0.0, 0.04)}  # of households hit; assumed
PERSONS_PER_HOUSEHOLD = 3.3  # §5: 5 m / 1.5 m
NIL_RETURN_DAYS = 92  # silent weeks before the end that a desk reports as such; as POLL_DAYS

# --- rare events of a prefecture, a year; each world has at least one of each, so that every feed has rows -------
RARE_EVENTS_A_YEAR = {"animal_disease": 0.8, "epidemic": 0.4, "public_emergencies": 1.2}  # assumed

# --- geological points -------------------------------------------------------------------------------------------
GEOLOGICAL_POINTS_PER_TOWNSHIP = {"341302": (2, 5), "341322": (1, 3)}  # coal under Yongqiao, hills in Xiaoxian (§5)
GEOLOGICAL_HOUSEHOLDS = (3, 60)  # threatened by a point; assumed

# --- crop pests --------------------------------------------------------------------------------------------------
PEST_AREA_SHARE = (0.02, 0.18)  # of a township's land of that crop at the season's height; assumed
PEST_SEVERE_SHARE = 0.12  # of that; assumed

# --- weather -----------------------------------------------------------------------------------------------------
WEATHER_YEARS = 30  # of history: a drought index is fitted on the same months of 30 years (methods.md §2)
RAIN_DAY_SHARE = (0.13, 0.17, 0.20, 0.20, 0.22, 0.27, 0.38, 0.34, 0.26, 0.19, 0.18, 0.12)  # by month; assumed
RAIN_DAY_MM = (5.5, 6.2, 7.8, 8.6, 9.4, 14.0, 17.2, 15.6, 10.9, 7.8, 6.2, 4.7)  # about 880 mm a year (§5); assumed
RAIN_ORDINARY_MM = 45.0  # no day without a disaster has more; a rainstorm begins at 50
RAIN_DISASTER_MM = {"shock": (90.0, 160.0), "small": (58.0, 95.0)}  # assumed
DROUGHT_BEFORE_DAYS, DROUGHT_RAIN_FACTOR = 110, 0.06  # rain fails long before the drought is declared; assumed
TEMP_MEAN_C, TEMP_SWING_C, TEMP_NOISE_C = 14.8, 13.6, 2.6  # a plain at 33.6° north; assumed
FROST_NIGHT_C = (-4.0, -1.8)  # of a frost disaster; assumed
WIND_ORDINARY_MS, WIND_DISASTER_MS = 14.0, (18.0, 25.0)  # a gale begins at 17.2
OBSERVATION_LATE_SHARE, OBSERVATION_LOST_SHARE, OBSERVATION_BLANK_SHARE = 0.004, 0.002, 0.003  # assumed

# --- the wide world ----------------------------------------------------------------------------------------------
QUAKES_A_WEEK = {"usgs": 30, "cenc": 9}  # far away, none within 150 km; assumed
GDACS_EVENTS_A_WEEK = 6  # assumed
WORLD_POLL_DAYS = 92  # weekly polls before the end, monthly ones before that
WORLD_PRICE_YEARS = 10  # of series in each file; the real ones begin in 1960
WORLD_PRICE_RESTATED_MONTHS, WORLD_PRICE_RESTATED = 2, 0.02  # newest months change once more, by up to so much; assumed
URBAN_UNEMPLOYMENT = (0.031, 0.042)  # drawn per county; a registered rate, not the national survey's; assumed
UNEMPLOYMENT_SHOCK_SHARE = 0.12  # of the share of jobs lost that shows in the county's rate; assumed

# --- arrival -----------------------------------------------------------------------------------------------------
MONTHLY_ARRIVAL_DAYS = (3, 6)  # of the next month (brief)
EDITION_ARRIVAL_DAYS = (15, 20)  # of October (brief)
OFFICE_HOURS = (8.5, 17.5)
LATE_FILE_SHARE, LATE_FILE_DAYS, REPEATED_FILE_SHARE = 0.03, (4, 12), 0.02  # only with dirt; assumed
VERDICT_SHARE = 0.6  # of ordinary misfortunes that the township answers in the month after; assumed
VERDICT_SHOCK_SHARE = 0.5  # of reported falls answered a month after the window; assumed
VERDICT_FRESH_SHARE = 0.08  # of reported falls met on the spot, in the last week of the window's month; assumed
