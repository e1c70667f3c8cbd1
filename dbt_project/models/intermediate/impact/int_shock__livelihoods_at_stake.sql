-- What each vulnerable household in the footprint of a shock to livelihoods earned before it, and the part of it that
-- is at stake by each reading: sales of the commodity, wages of who lost work, all that hangs on failed links.
-- Who has nothing at stake has no row; null is not known.
{{ config(materialized='view') }}

with readings as (
    select distinct shock_id, kind, subject, rule_id, township_code, before_date, reading_date
    from {{ ref('int_shock__readings') }}
),

commodities as (
    select distinct commodity, livelihood_column, livelihood_share from {{ ref('commodities') }}
),

households as (
    select * from {{ ref('int_household__monthly') }}
),

linked as (
    select * from {{ ref('int_project__hit_incomes_monthly') }}
),

before as (
    select
        readings.*, households.household_key, households.member_count, households.employed_count,
        {%- for part in ['grain_gross', 'fruit_gross', 'hog_gross', 'other_business_gross', 'wage', 'property'] %}
            households.inc_{{ part }}_cny,
        {%- endfor %}
        households.net_income_cny as net_before_cny, households.known_at as before_known_at,
        {{ commodity_income('households', 'commodities') }} as sold_cny
    from readings
    inner join households
        on readings.township_code = households.township_code and readings.before_date = households.as_of_date
    left join commodities on readings.kind = 'price' and readings.subject = commodities.commodity
    where
        households.is_vulnerable
        and (readings.kind <> 'site' or households.relocation_site_code is not null)
),

at_stake as (
    select before.*, before.sold_cny as at_stake_cny, before.before_known_at as known_at
    from before
    where before.kind = 'price'
    union all
    select
        before.*, {{ wages_of_lost_work('before', 'present') }} as at_stake_cny,
        greatest(before.before_known_at, present.known_at) as known_at
    from before
    inner join households as present
        on before.household_key = present.household_key and before.reading_date = present.as_of_date
    where before.kind in ('employment', 'site')
    union all
    select
        before.*, linked.linked_cny + {{ dependent_on_links('linked', 'before') }} as at_stake_cny,
        greatest(before.before_known_at, linked.known_at) as known_at
    from before
    inner join linked
        on
            before.household_key = linked.household_key
            and before.rule_id = linked.rule_id
            and before.reading_date = linked.as_of_date
    where before.kind in ('project', 'link')
),

final as (
    select
        shock_id, township_code, household_key, reading_date, member_count, net_before_cny,
        cast(round(at_stake_cny, 2) as decimal(18, 2)) as at_stake_cny, known_at
    from at_stake
    where at_stake_cny is null or at_stake_cny > 0
)

select * from final
