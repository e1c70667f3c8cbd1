-- How many vulnerable households of a region hang on failing projects (R21) and lost links (R22), by month. A region
-- has a month only when the lists of all its counties with households are there: a list that did not come is no calm.
with households as (
    select
        as_of_date, township_code, county_code, count(*) filter (where is_vulnerable) as vulnerable_household_count
    from {{ ref('int_household__monthly') }}
    group by as_of_date, township_code, county_code
),

months as (
    select * from {{ ref('int_project__judged_months') }}
),

linked as (
    select
        as_of_date, township_code, count(distinct household_key) as linked_household_count, count(*) as link_count
    from {{ ref('int_project__links_monthly') }}
    where is_active and is_vulnerable
    group by as_of_date, township_code
),

ancestors as (
    select * from {{ ref('int_region__ancestors') }}
),

hit as (
    select
        ancestors.ancestor_code as region_code,
        hits.as_of_date,
        hits.rule_id,
        count(distinct hits.household_key) as hit_household_count,
        count(distinct concat_ws('|', hits.household_key, hits.operator_code, hits.link_mode)) as hit_link_count,
        count(distinct coalesce(hits.project_code, hits.operator_code)) as carrier_count,
        max(hits.known_at) as known_at
    from {{ ref('int_project__hit_households_monthly') }} as hits
    inner join ancestors on hits.township_code = ancestors.region_code
    where hits.is_vulnerable
    group by ancestors.ancestor_code, hits.as_of_date, hits.rule_id
),

pooled as (
    {%- for rule, complete, usable, known in [
        (
            'R21', 'months.links_load_id is not null and months.projects_load_id is not null',
            'greatest(months.links_usable_from_date, months.projects_usable_from_date)',
            'greatest(months.links_known_at, months.projects_known_at)'
        ),
        ('R22', 'months.links_load_id is not null', 'months.links_usable_from_date', 'months.links_known_at')
    ] %}
        select
            '{{ rule }}' as rule_id,
            ancestors.ancestor_code as region_code,
            households.as_of_date,
            cast(sum(households.vulnerable_household_count) as bigint) as vulnerable_household_count,
            cast(coalesce(sum(linked.linked_household_count), 0) as bigint) as linked_household_count,
            cast(coalesce(sum(linked.link_count), 0) as bigint) as link_count,
            max({{ usable }}) as usable_from_date,
            max({{ known }}) as known_at
        from households
        inner join ancestors on households.township_code = ancestors.region_code
        left join months
            on households.county_code = months.county_code and households.as_of_date = months.month_end_date
        left join linked
            on households.township_code = linked.township_code and households.as_of_date = linked.as_of_date
        group by ancestors.ancestor_code, households.as_of_date
        having bool_and({{ complete }})
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

final as (
    select
        pooled.rule_id,
        pooled.region_code,
        cast(date_trunc('month', pooled.as_of_date) as date) as report_month,
        pooled.as_of_date as month_end_date,
        pooled.vulnerable_household_count,
        pooled.linked_household_count,
        pooled.link_count,
        coalesce(hit.hit_household_count, 0) as hit_household_count,
        coalesce(hit.hit_link_count, 0) as hit_link_count,
        coalesce(hit.carrier_count, 0) as carrier_count,
        pooled.usable_from_date,
        greatest(pooled.known_at, hit.known_at) as known_at
    from pooled
    left join hit using (rule_id, region_code, as_of_date)
)

select * from final
