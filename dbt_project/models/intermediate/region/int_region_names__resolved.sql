{#
    What the wordings of regions mean, once a wording: by the register's names, by the alias table, or not at all. What is
    like a name without being one, what sounds like one, and what lies outside the load's scope is for people to review:
    a region is never guessed.
#}
with collected as (
    select * from {{ ref('int_region_names__collected') }}
),

matched as (
    select * from {{ ref('int_region_names__matched') }}
),

ancestors as (
    select * from {{ ref('int_region__ancestors') }}
),

ranked as (
    select
        matched.*,
        ancestors.region_code is not null as is_within_scope,
        min(matched.precedence) over (partition by matched.region_text, matched.scope_region_code) as best
    from matched
    left join ancestors
        on matched.region_code = ancestors.region_code and matched.scope_region_code = ancestors.ancestor_code
),

judged as (
    select
        region_text,
        scope_region_code,
        min(basis) as basis,
        count(distinct region_code) as hit_count,
        count(distinct region_code) filter (where is_within_scope) as within_count,
        min(region_code) filter (where is_within_scope) as region_code,
        string_agg(distinct region_code, ',' order by region_code) as candidate_codes
    from ranked
    where precedence = best
    group by region_text, scope_region_code
),

final as (
    select
        collected.region_text,
        collected.scope_region_code,
        case when judged.within_count = 1 and judged.basis <> 'review' then judged.region_code end as region_code,
        case
            when judged.basis is null then 'unknown'
            when judged.basis = 'review' or judged.within_count = 0 then 'review'
            when judged.within_count > 1 then 'ambiguous'
            when judged.hit_count > 1 then 'within_scope'
            else judged.basis
        end as basis,
        judged.candidate_codes,
        collected.first_told_date,
        collected.last_told_date
    from collected
    left join judged
        on collected.region_text = judged.region_text and collected.scope_region_code = judged.scope_region_code
)

select * from final
