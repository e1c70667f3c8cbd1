{#
    What a computed shock puts at stake for each household in its footprint, and what it would take in the low, central
    and high case, by the incomes before it. Costs stay: of a business the gross that is lost is net that is lost, so the
    register's one sum of costs needs no sharing. Of wages only those of members who lost work are at stake.
#}
{{ config(materialized='view') }}

{%- set business = ['grain', 'fruit', 'hog', 'other_business'] %}
{%- set components = business + ['wage', 'property'] %}
{%- set cases = ['low', 'central', 'high'] %}

with shocks as (
    select * from {{ ref('int_shock__episodes') }}
    where is_computed
),

effects as (
    select
        shock_id,
        township_code
        {%- for component in components %}
            {%- for name in ['touched'] + cases %},
        max(case when component = '{{ component }}' then {{ name }}_ratio end) as {{ component }}_{{ name }}
            {%- endfor %}
        {%- endfor %}
    from {{ ref('int_shock__effects') }}
    group by shock_id, township_code
),

-- A hazard that touches nothing in its season leaves its households out at once.
reached as (
    select
        shocks.shock_id, shocks.kind, shocks.has_claims, shocks.opened_date, shocks.before_date, shocks.as_of_date,
        footprints.township_code,
        coalesce(hazard_types.touches_dwelling, false) as touches_dwelling,
        effects.* exclude (shock_id, township_code)
    from shocks
    inner join {{ ref('int_shock__footprints') }} as footprints on shocks.shock_id = footprints.shock_id
    left join effects
        on shocks.shock_id = effects.shock_id and footprints.township_code = effects.township_code
    left join {{ ref('hazard_types') }} as hazard_types
        on shocks.kind = 'hazard' and shocks.subject = hazard_types.hazard_code
    where footprints.is_computed and (effects.shock_id is not null or hazard_types.touches_dwelling)
),

households as (
    select * from {{ ref('int_household__monthly') }}
),

amounts as (
    select
        reached.*,
        today.household_key, today.village_code, today.county_code, today.prefecture_code,
        today.is_lifted_out, today.is_monitored, today.monitored_type, today.is_vulnerable,
        before.member_count, before.net_income_cny as net_before_cny, before.income_to_month,
        {%- for component in business %}
            before.inc_{{ component }}_gross_cny as {{ component }}_cny,
        {%- endfor %}
        case
            when today.lost_work_count = 0 or today.labour_count = 0 or before.inc_wage_cny = 0 then 0
            else cast(round(
                before.inc_wage_cny * today.lost_work_count / (today.employed_count + today.lost_work_count), 2
            ) as decimal(18, 2))
        end as wage_cny,
        before.inc_property_cny as property_cny,
        -- Claims of a statement that ended before the shock are about something else.
        case
            when not reached.has_claims then 0
            when today.income_to_month >= date_trunc('month', reached.opened_date) then today.claims_income_cny
            else 0
        end as claims_cny,
        reached.touches_dwelling and coalesce(today.housing_grade in ('C', 'D'), false) as is_dwelling_weak,
        touched_share.value as touched_share,
        greatest(today.usable_from_date, before.usable_from_date) as usable_from_date,
        greatest(today.known_at, before.known_at) as known_at
    from reached
    inner join households as today
        on reached.township_code = today.township_code and reached.as_of_date = today.as_of_date
    left join households as before
        on today.household_key = before.household_key and reached.before_date = before.as_of_date
    left join {{ thresholds_of('touched_income_share') }} as touched_share
        on {{ in_force_on('touched_share', 'reached.as_of_date') }}
    left join {{ thresholds_of('impact_beyond_vulnerable') }} as beyond
        on {{ in_force_on('beyond', 'reached.as_of_date') }}
    where
        (reached.kind <> 'site' or today.relocation_site_code is not null)
        and (today.is_vulnerable or coalesce(beyond.value, 0) >= 1)
),
{{ lost_amounts('amounts', components, cases) }}

select * from final
