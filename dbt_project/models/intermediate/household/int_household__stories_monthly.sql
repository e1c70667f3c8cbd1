{#
    What became of each household between the month before's national list and the month's own: stayed, new, eliminated,
    natural_loss, left_unexplained, moved or changed; once for its township, its county and its prefecture, since a move
    inside a county is none for the county. Who leaves the list without a word and without an end is never called a loss.
#}
with standing as (
    select * from {{ ref('int_household__standing_monthly') }}
),

judged_months as (
    select month_start_date from {{ ref('int_household__judged_months') }}
),

closures as (
    select * from {{ ref('int_household__closures') }}
),

both_lists as (
    select household_key, month_start_date, 'after' as side, * exclude (household_key, month_start_date)
    from standing
    union all
    select
        household_key,
        cast(month_start_date + interval 1 month as date) as month_start_date,
        'before' as side,
        * exclude (household_key, month_start_date)
    from standing
),

paired as (
    select
        both_lists.household_key,
        both_lists.month_start_date,
        {%- for side in ['before', 'after'] %}
            {%- for column in ['village_code', 'monitored_type', 'risk_code'] %}
                max(case when side = '{{ side }}' and is_standing then {{ column }} end) as {{ column }}_{{ side }},
            {%- endfor %}
        {%- endfor %}
        coalesce(bool_or(side = 'after' and is_eliminated), false) as is_eliminated,
        max(case when side = 'after' then elimination_mode end) as elimination_mode,
        max(known_at) as known_at
    from both_lists
    inner join judged_months on both_lists.month_start_date = judged_months.month_start_date
    group by both_lists.household_key, both_lists.month_start_date
    having bool_or(is_standing)
),

{% set levels = {'township': (9, '000'), 'county': (6, '000000'), 'prefecture': (4, '00000000')} -%}
placed as (
    {%- for level, (digits, zeros) in levels.items() %}
        select
            paired.*,
            '{{ level }}' as region_level,
            substring(village_code_before, 1, {{ digits }}) || '{{ zeros }}' as region_before,
            substring(village_code_after, 1, {{ digits }}) || '{{ zeros }}' as region_after
        from paired
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        placed.household_key,
        placed.month_start_date,
        placed.region_level,
        placed.region_before,
        placed.monitored_type_before,
        placed.risk_code_before,
        placed.region_after,
        placed.monitored_type_after,
        placed.risk_code_after,
        case
            when region_before is null then 'new'
            when region_after is null and is_eliminated then 'eliminated'
            when region_after is null and closures.closed_date <= last_day(placed.month_start_date) then 'natural_loss'
            when region_after is null then 'left_unexplained'
            when region_before <> region_after then 'moved'
            when monitored_type_before <> monitored_type_after or risk_code_before <> risk_code_after then 'changed'
            else 'stayed'
        end as story,
        region_after is null and is_eliminated and coalesce(elimination_mode = 'natural', false)
            as is_eliminated_naturally,
        placed.known_at
    from placed
    left join closures on placed.household_key = closures.household_key
)

select * from final
