{#
    What a computed shock puts at stake for each household in its footprint, and what it would take in the low, central
    and high case, by the incomes before it. Costs stay: of a business the gross that is lost is net that is lost, so
    the register's one sum of costs needs no sharing. A hazard touches all wages; where jobs are lost, only those of the
    members who lost work are at stake; of a failed project or link, what it brought and what else hung on it.
#}
{{ config(materialized='view') }}

{%- set business, cases = ['grain', 'fruit', 'hog', 'other_business'], ['low', 'central', 'high'] %}
{%- set components = business + ['wage', 'property', 'linked', 'dependent'] %}

with shocks as (
    select * from {{ ref('int_shock__episodes') }}
    where is_computed
),

effects as (
    {{ effects_side_by_side(components, cases) }}
),

-- A hazard that touches nothing in its season leaves its households out at once.
reached as (
    select
        shocks.shock_id, shocks.kind, shocks.has_claims, shocks.opened_date, shocks.before_date, shocks.as_of_date,
        footprints.township_code,
        coalesce(hazard_types.touches_dwelling, false) as touches_dwelling,
        coalesce(beyond.value, 0) >= 1 as is_beyond_vulnerable
    from shocks
    inner join {{ ref('int_shock__footprints') }} as footprints on shocks.shock_id = footprints.shock_id
    left join effects
        on shocks.shock_id = effects.shock_id and footprints.township_code = effects.township_code
    left join {{ ref('hazard_types') }} as hazard_types
        on shocks.kind = 'hazard' and shocks.subject = hazard_types.hazard_code
    left join {{ thresholds_of('impact_beyond_vulnerable') }} as beyond
        on {{ in_force_on('beyond', 'shocks.as_of_date') }}
    where footprints.is_computed and (effects.shock_id is not null or hazard_types.touches_dwelling)
),

-- Claims of a statement that ended before the shock are about something else.
present as (
    select
        reached.* exclude (is_beyond_vulnerable, touches_dwelling, has_claims),
        today.household_key, today.village_code, today.county_code, today.prefecture_code,
        today.is_lifted_out, today.is_monitored, today.monitored_type, today.is_vulnerable,
        today.labour_count, today.employed_count, today.lost_work_count, linked.* exclude (shock_id, household_key),
        case
            when reached.has_claims and today.income_to_month >= date_trunc('month', reached.opened_date)
                then today.claims_income_cny
            else 0
        end as claims_cny,
        reached.touches_dwelling and coalesce(today.housing_grade in ('C', 'D'), false) as is_dwelling_weak,
        today.usable_from_date,
        today.known_at
    from reached
    inner join {{ ref('int_household__monthly') }} as today
        on reached.township_code = today.township_code and reached.as_of_date = today.as_of_date
    left join {{ ref('int_shock__linked_incomes') }} as linked
        on reached.shock_id = linked.shock_id and today.household_key = linked.household_key
    where
        (reached.kind <> 'site' or today.relocation_site_code is not null)
        and (reached.kind not in ('project', 'link') or linked.household_key is not null)
        and (today.is_vulnerable or reached.is_beyond_vulnerable)
),

asked as (
    select distinct household_key, before_date from present
),

-- Only the states that are asked for: a join of whole months would not fit a small server's memory.
states_before as (
    select households.*
    from {{ ref('int_household__monthly') }} as households
    inner join asked
        on households.household_key = asked.household_key and households.as_of_date = asked.before_date
),

amounts as (
    select
        present.* exclude (usable_from_date, known_at),
        effects.* exclude (shock_id, township_code),
        earlier.member_count, earlier.net_income_cny as net_before_cny, earlier.income_to_month,
        {%- for component in business %}
            earlier.inc_{{ component }}_gross_cny as {{ component }}_cny,
        {%- endfor %}
        {{ wages_at_stake('earlier', 'present') }} as wage_cny,
        earlier.inc_property_cny as property_cny,
        {{ dependent_on_links('present', 'earlier') }} as dependent_cny,
        touched_share.value as touched_share,
        greatest(present.usable_from_date, earlier.usable_from_date) as usable_from_date,
        greatest(present.known_at, earlier.known_at) as known_at
    from present
    left join states_before as earlier
        on present.household_key = earlier.household_key and present.before_date = earlier.as_of_date
    left join effects on present.shock_id = effects.shock_id and present.township_code = effects.township_code
    left join {{ thresholds_of('touched_income_share') }} as touched_share
        on {{ in_force_on('touched_share', 'present.as_of_date') }}
),
{{ lost_amounts('amounts', components, cases) }}

select * from final
