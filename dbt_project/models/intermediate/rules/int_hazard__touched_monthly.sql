-- Which households a hazard can touch (defaults.md, "Hazards"): by what they live from in that month, or by a weak
-- dwelling. Only for the hazards and months in which a warning or an event was in force. Amounts are compared by
-- multiplication. Whom a hazard of an unrecognised type touches, nobody knows.
with hazard_days as (
    select * from {{ source('signals', 'hazard_days') }}
),

hazard_types as (
    select * from {{ ref('hazard_types') }}
),

month_rows as (
    select distinct as_of_date, valid_from_date, valid_to_date from {{ ref('int_region__vulnerable_monthly') }}
),

relevance as (
    select
        hazard_code,
        month,
        max(case when livelihood = 'grain' then relevance_ratio end) as grain_ratio,
        max(case when livelihood = 'fruit' then relevance_ratio end) as fruit_ratio,
        max(case when livelihood = 'hog' then relevance_ratio end) as hog_ratio,
        max(case when livelihood = 'other_business' then relevance_ratio end) as other_business_ratio,
        max(case when livelihood = 'wage' then relevance_ratio end) as wage_ratio
    from {{ ref('hazard_relevance') }}
    group by hazard_code, month
),

asked as (
    select distinct
        hazard_days.hazard_code,
        month_rows.as_of_date,
        cast(date_trunc('month', hazard_days.day) as date) as hazard_month
    from hazard_days
    inner join month_rows
        on hazard_days.day >= month_rows.valid_from_date and hazard_days.day <= month_rows.valid_to_date
),

households as (
    select * from {{ ref('int_household__monthly') }}
),

-- A livelihood that the hazard does not touch adds nothing, also where its income is not known.
touched as (
    select
        asked.hazard_code,
        asked.hazard_month,
        households.as_of_date,
        households.village_code,
        households.township_code,
        households.is_vulnerable,
        households.net_income_cny,
        touched_share.value as touched_income_share,
        hazard_types.touches_dwelling and coalesce(households.housing_grade in ('C', 'D'), false) as is_dwelling_weak,
        case when relevance.grain_ratio > 0 then relevance.grain_ratio * households.inc_grain_gross_cny else 0 end
        + case when relevance.fruit_ratio > 0 then relevance.fruit_ratio * households.inc_fruit_gross_cny else 0 end
        + case when relevance.hog_ratio > 0 then relevance.hog_ratio * households.inc_hog_gross_cny else 0 end
        + case
            when relevance.other_business_ratio > 0
                then relevance.other_business_ratio * households.inc_other_business_gross_cny
            else 0
        end
        + case when relevance.wage_ratio > 0 then relevance.wage_ratio * households.inc_wage_cny else 0 end
            as touched_cny
    from asked
    inner join households on asked.as_of_date = households.as_of_date
    inner join hazard_types on asked.hazard_code = hazard_types.hazard_code
    left join relevance
        on asked.hazard_code = relevance.hazard_code and extract(month from asked.hazard_month) = relevance.month
    left join {{ thresholds_of('touched_income_share') }} as touched_share
        on {{ in_force_on('touched_share', 'households.as_of_date') }}
),

judged as (
    select
        *,
        case
            when hazard_code = 'unknown' then null
            when is_dwelling_weak then true
            when touched_cny = 0 then false
            else touched_cny >= touched_income_share * net_income_cny
        end as is_exposed
    from touched
),

by_village as (
    select
        village_code, township_code, hazard_code, hazard_month, as_of_date,
        count(*) as household_count,
        count(*) filter (where is_exposed) as exposed_household_count,
        count(*) filter (where is_exposed is null) as unknown_household_count,
        count(*) filter (where is_vulnerable) as vulnerable_household_count,
        count(*) filter (where is_vulnerable and is_exposed) as exposed_vulnerable_count,
        count(*) filter (where is_vulnerable and is_exposed is null) as unknown_vulnerable_count
    from judged
    group by village_code, township_code, hazard_code, hazard_month, as_of_date
)

select * from by_village
