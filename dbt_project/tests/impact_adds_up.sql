-- The impact of a shock adds up: each number of a region has as many rows (or yuan) in the list behind it, the regions
-- of a level hold what the list holds, and a graver case leaves nobody more. Gives what does not.
{%- set measures = {
    'exposed_household_count': 'count(*) filter (where is_exposed)',
    'unknown_household_count': "count(*) filter (where outcome_central = 'unknown')",
    'already_below_count': "count(*) filter (where outcome_central = 'already_below')",
    'crossing_low_count': "count(*) filter (where outcome_low = 'crosses')",
    'crossing_central_count': "count(*) filter (where outcome_central = 'crosses')",
    'crossing_high_count': "count(*) filter (where outcome_high = 'crosses')",
    'hard_hit_central_count': "count(*) filter (where outcome_central = 'hard_hit')",
    'back_to_line_central_cny': 'coalesce(sum(back_to_line_central_cny), 0)',
    'back_to_line_high_cny': 'coalesce(sum(back_to_line_high_cny), 0)'
} %}
with regions as (
    select * from {{ ref('fct_region_impact_per_episode') }}
),

listed as (
    select * from {{ ref('fct_household_impact_per_episode') }}
),

by_level as (
    select
        shock_id,
        region_level,
        {%- for name in measures %}
            sum({{ name }}) as {{ name }},
        {%- endfor %}
        sum(crossing_lifted_out_count + crossing_other_count) as crossing_by_type_count
    from regions
    where region_level <> 'village'
    group by shock_id, region_level
),

-- A household whose village the register does not know is in no village; from the township up nobody is left out.
{%- for place, keys in {'whole': 'shock_id', 'by_township': 'shock_id, township_code'}.items() %}
    {{ place }} as (
        select
            {{ keys }},
            {%- for name, expression in measures.items() %}
                {{ expression }} as {{ name }},
            {%- endfor %}
            count(*) as listed_count
        from listed
        group by {{ keys }}
    ),
{% endfor %}
levels_differ as (
    select 'a level differs from the list' as reason, whole.shock_id, by_level.region_level as place
    from whole
    left join by_level on whole.shock_id = by_level.shock_id
    where
        by_level.shock_id is null
        or by_level.crossing_by_type_count <> by_level.crossing_central_count
        {%- for name in measures %}
            or by_level.{{ name }} <> whole.{{ name }}
        {%- endfor %}
),

townships_differ as (
    select 'a township differs from its rows' as reason, regions.shock_id, regions.region_code as place
    from regions
    left join by_township
        on regions.shock_id = by_township.shock_id and regions.region_code = by_township.township_code
    where
        regions.region_level = 'township'
        and (
            false
            {%- for name in measures %}
                or regions.{{ name }} <> coalesce(by_township.{{ name }}, 0)
            {%- endfor %}
        )
),

cases_out_of_order as (
    select 'a graver case leaves more' as reason, shock_id, household_key as place
    from listed
    where net_low_cny < net_central_cny or net_central_cny < net_high_cny
)

select * from levels_differ
union all
select * from townships_differ
union all
select * from cases_out_of_order
