{#
    Foster, Greer and Thorbecke's measures against the monitoring line: how many households are below it (P0), how far
    (P1), and how unequally far (P2). By household, the unit of the policy, and by person. Households whose income is
    unknown are counted apart; a net loss counts as an income of nothing, so that no gap exceeds the line.
#}
{{ config(tags=['stage_2']) }}

with households as (
    select
        households.*,
        cast(monitoring.value as decimal(18, 2)) as line_cny,
        households.net_income_cny is not null and households.member_count > 0 as is_income_known
    from {{ ref('int_household__monthly') }} as households
    left join {{ thresholds_of('monitoring_line') }} as monitoring
        on {{ in_force_on('monitoring', 'households.as_of_date') }}
),

measured as (
    select
        *,
        coalesce(is_income_known and line_cny is not null, false) as is_known,
        case
            when is_income_known and net_income_cny < line_cny * member_count
                then line_cny * member_count - greatest(net_income_cny, 0)
        end as gap_cny
    from households
),

gaps as (
    select *, cast(round(gap_cny / (line_cny * member_count), 9) as decimal(10, 9)) as gap_ratio
    from measured
),

by_township as (
    select
        township_code, county_code, prefecture_code, as_of_date, period,
        max(line_cny) as line_cny,
        count(*) as household_count,
        count(*) filter (where not coalesce(is_income_known, false)) as income_unknown_count,
        count(*) filter (where is_known) as known_household_count,
        count(gap_cny) as poor_household_count,
        sum(member_count) filter (where is_known) as known_person_count,
        sum(member_count) filter (where gap_cny is not null) as poor_person_count,
        sum(gap_cny) as gap_cny,
        sum(gap_ratio) as gap_sum,
        sum(gap_ratio * gap_ratio) as square_sum,
        sum(gap_ratio * member_count) as person_gap_sum,
        sum(gap_ratio * gap_ratio * member_count) as person_square_sum,
        max(known_at) as known_at
    from gaps
    group by township_code, county_code, prefecture_code, as_of_date, period
),
{%- set sums = ['household_count', 'income_unknown_count', 'known_household_count', 'poor_household_count',
    'known_person_count', 'poor_person_count', 'gap_cny', 'gap_sum', 'square_sum', 'person_gap_sum',
    'person_square_sum'] %}

by_region as (
    {%- for level in ['township', 'county', 'prefecture'] %}
        select
            {{ level }}_code as region_code, '{{ level }}' as region_level, as_of_date, period,
            max(line_cny) as line_cny,
            {%- for column in sums %}
                coalesce(sum({{ column }}), 0) as {{ column }},
            {%- endfor %}
            max(known_at) as known_at
        from by_township
        group by {{ level }}_code, as_of_date, period
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        region_code, region_level, as_of_date, period, line_cny as monitoring_line_cny,
        {%- for column in ['household_count', 'income_unknown_count', 'known_household_count', 'poor_household_count',
            'known_person_count', 'poor_person_count'] %}
            cast({{ column }} as bigint) as {{ column }},
        {%- endfor %}
        cast(case when known_household_count > 0 then gap_cny end as decimal(18, 2)) as gap_to_line_cny,
        {%- for name, part in {
            'p0': 'poor_household_count', 'p1': 'gap_sum', 'p2': 'square_sum'
        }.items() %}
            cast(round({{ part }} / nullif(known_household_count, 0), 6) as decimal(9, 6)) as {{ name }}_ratio,
        {%- endfor %}
        {%- for name, part in {
            'p0': 'poor_person_count', 'p1': 'person_gap_sum', 'p2': 'person_square_sum'
        }.items() %}
            cast(round({{ part }} / nullif(known_person_count, 0), 6) as decimal(9, 6)) as person_{{ name }}_ratio,
        {%- endfor %}
        known_at
    from by_region
)

select * from final
