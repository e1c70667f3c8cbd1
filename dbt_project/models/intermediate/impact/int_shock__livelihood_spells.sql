-- Lost work, failing projects and broken links as shocks: the days on which R20, R21 or R22 stands at a level in a
-- township or its county, one shock for the county; and on which R23 does in a township with a relocation site, one
-- shock for the site's township.
with raised as (
    {%- for rule, kind in {'r20': 'employment', 'r21': 'project', 'r22': 'link', 'r23': 'site'}.items() %}
        select region_code, as_of_date, rule_id, '{{ kind }}' as kind, {{ level_rank('level') }} as rank, known_at
        from {{ ref('int_rule__' ~ rule) }}
        where level not in ('none', 'unknown')
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

regions as (
    select * from {{ ref('int_region__current') }}
),

-- A township is hit by its own answer or its county's; of a site, only the township that holds it speaks.
days as (
    select
        raised.rule_id,
        raised.kind,
        case when raised.rule_id = 'R23' then townships.region_code else townships.county_code end as shock_region_code,
        townships.region_code as township_code,
        raised.as_of_date,
        max(raised.rank) as rank,
        max(raised.known_at) as known_at
    from raised
    inner join regions as townships
        on
            townships.region_level = 'township'
            and (
                raised.region_code = townships.region_code
                or (raised.rule_id <> 'R23' and raised.region_code = townships.county_code)
            )
    group by raised.rule_id, raised.kind, townships.county_code, townships.region_code, raised.as_of_date
),

spells as (
    select
        *,
        as_of_date - cast(dense_rank() over (
            partition by rule_id, shock_region_code order by as_of_date
        ) as integer) as spell
    from days
),

opened as (
    select *, min(as_of_date) over (partition by rule_id, shock_region_code, spell) as shock_opened_date
    from spells
),

judged as (
    select max(as_of_date) as as_of_date from {{ source('landing', 'run_clock') }}
),

felt as (
    select
        opened.kind,
        opened.rule_id,
        opened.shock_region_code,
        opened.shock_opened_date,
        opened.township_code,
        min(opened.as_of_date) as opened_date,
        max(opened.as_of_date) as last_held_date,
        {{ rank_level('max(opened.rank)') }} as severity,
        max(opened.known_at) as known_at
    from opened
    group by opened.kind, opened.rule_id, opened.shock_region_code, opened.shock_opened_date, opened.township_code
),

final as (
    select
        concat_ws(':', felt.kind, felt.shock_region_code, cast(felt.shock_opened_date as varchar)) as shock_id,
        felt.kind,
        case felt.kind
            when 'employment' then 'employed_labour' when 'project' then 'village_projects'
            when 'link' then 'benefit_links' else 'relocation_sites'
        end as subject,
        felt.rule_id,
        felt.shock_region_code,
        felt.township_code,
        felt.opened_date,
        felt.last_held_date,
        felt.last_held_date = judged.as_of_date as is_open,
        felt.severity,
        cast(null as decimal(18, 6)) as fall_ratio,
        felt.opened_date as usable_from_date,
        felt.known_at
    from felt
    cross join judged
)

select * from final
