{#
    Which households a hazard can touch (defaults.md, "Hazards"): by what they live from in that month, or by a weak
    dwelling. CTEs from `asked` (hazard_code, hazard_month, as_of_date: day of the households' state) and `households`
    (columns of int_household__monthly) to `judged`, one row a household and hazard month; is_exposed is null where
    income is not known and would decide, and where nobody recognised the hazard. Amounts are compared by multiplication.
#}
{% macro touched_households() -%}
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

-- A livelihood that the hazard does not touch adds nothing, also where its income is not known.
touched as (
    select
        asked.hazard_code,
        asked.hazard_month,
        households.as_of_date,
        households.household_key,
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
    inner join {{ ref('hazard_types') }} as hazard_types on asked.hazard_code = hazard_types.hazard_code
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
)
{%- endmacro %}
