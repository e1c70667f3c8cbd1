{#
    §2(2), R10: for each candidate line of the year after, how many households of which type would fall inside, per
    county and prefecture, on the incomes known at the last day judged in the year. A planning figure: the line is the
    city's to set, and nobody is judged by a candidate.
#}
{{ config(tags=['stage_2']) }}

with candidates as (
    select * from {{ ref('int_policy__candidate_lines') }}
),

judged_days as (
    select distinct as_of_date from candidates
),

households as (
    select
        monthly.county_code, monthly.prefecture_code, monthly.as_of_date,
        monthly.is_lifted_out, monthly.is_monitored, monthly.member_count, monthly.net_income_cny,
        coalesce(risks.open_risk_count > 0, false) as is_at_risk
    from {{ ref('int_household__monthly') }} as monthly
    inner join judged_days on monthly.as_of_date = judged_days.as_of_date
    left join {{ ref('int_household__risks_monthly') }} as risks
        on monthly.household_key = risks.household_key and monthly.as_of_date = risks.as_of_date
),

placed as (
    select
        candidates.*,
        households.county_code, households.prefecture_code,
        households.is_lifted_out, households.is_monitored, households.member_count, households.net_income_cny,
        households.is_at_risk,
        households.net_income_cny < candidates.candidate_line_cny * households.member_count as is_inside,
        households.net_income_cny < candidates.base_line_cny * households.member_count as is_inside_base
    from candidates
    inner join households on candidates.as_of_date = households.as_of_date
),

counted as (
    {%- for level in ['county', 'prefecture'] %}
        select
            {{ level }}_code as region_code, '{{ level }}' as region_level, plan_year, scenario_id,
            count(*) as household_count,
            count(*) filter (where net_income_cny is null) as income_unknown_count,
            count(*) filter (where is_inside) as inside_count,
            count(*) filter (where is_inside and not is_inside_base) as newly_inside_count,
            count(*) filter (where is_inside and is_lifted_out) as inside_lifted_out_count,
            count(*) filter (where is_inside and not is_lifted_out) as inside_ordinary_count,
            count(*) filter (where is_inside and is_lifted_out and is_at_risk) as unstable_lifted_count,
            count(*) filter (where is_inside and not is_lifted_out and is_at_risk) as marginal_count,
            count(*) filter (where is_inside and is_monitored) as inside_monitored_count,
            cast(coalesce(sum(member_count) filter (where is_inside), 0) as bigint) as inside_person_count
        from placed
        group by {{ level }}_code, plan_year, scenario_id
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        counted.region_code, counted.region_level, counted.plan_year, counted.scenario_id,
        candidates.name_zh as scenario_name_zh, candidates.as_of_date,
        'planning' as figure_kind,
        candidates.candidate_line_cny,
        cast(candidates.base_line_cny as decimal(18, 2)) as base_line_cny, candidates.base_line_year,
        cast(candidates.floor_cny as decimal(18, 2)) as floor_cny,
        candidates.candidate_line_cny >= candidates.floor_cny as is_on_or_above_floor,
        candidates.dossier_year, candidates.dibao_standard_cny, candidates.disposable_income_growth_ratio,
        candidates.price_index_ratio,
        -- without a line nobody is known to be inside, and nobody to be outside
        {%- for column in ['inside_count', 'newly_inside_count', 'inside_lifted_out_count', 'inside_ordinary_count',
            'unstable_lifted_count', 'marginal_count', 'inside_monitored_count', 'inside_person_count'] %}
            case when candidates.candidate_line_cny is not null then counted.{{ column }} end as {{ column }},
        {%- endfor %}
        counted.household_count, counted.income_unknown_count
    from counted
    inner join candidates
        on counted.plan_year = candidates.plan_year and counted.scenario_id = candidates.scenario_id
)

select * from final
