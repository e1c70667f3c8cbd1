-- Losses told once: of several sources that tell of one event (the same code, of places one of which is or lies in the
-- other; or the same place, hazard and Beijing day) the better one speaks from its first word on: reports before the
-- brigade and the offices, those before calls to the duty desk. A place's own figure is silent once places inside it
-- have told theirs.
with told as (
    select * from {{ ref('int_hazard__loss_statements') }}
),

first_told as (
    select event_code, region_code, hazard_code, occurred_date, source_rank, min(from_date) as from_date
    from told
    group by event_code, region_code, hazard_code, occurred_date, source_rank
),

nested as (
    select region_code, ancestor_code as other_code from {{ ref('int_region__ancestors') }}
    union
    select ancestor_code as region_code, region_code as other_code from {{ ref('int_region__ancestors') }}
),

silenced as (
    select told.source_kind, told.event_code, told.region_code, told.occurred_date, min(better.from_date) as better_date
    from told
    inner join first_told as better
        on told.event_code = better.event_code and told.source_rank > better.source_rank
    left join nested on told.region_code = nested.region_code and better.region_code = nested.other_code
    where told.region_code = better.region_code or nested.region_code is not null
    group by told.source_kind, told.event_code, told.region_code, told.occurred_date
    union all
    select told.source_kind, told.event_code, told.region_code, told.occurred_date, min(better.from_date) as better_date
    from told
    inner join first_told as better
        on
            told.region_code = better.region_code and told.hazard_code = better.hazard_code
            and told.occurred_date = better.occurred_date and told.source_rank > better.source_rank
    group by told.source_kind, told.event_code, told.region_code, told.occurred_date
    union all
    select
        told.source_kind, told.event_code, told.region_code, told.occurred_date,
        min(inner_place.from_date) as better_date
    from told
    inner join first_told as inner_place
        on told.event_code = inner_place.event_code and told.source_rank = inner_place.source_rank
    inner join {{ ref('int_region__ancestors') }} as ancestors
        on
            inner_place.region_code = ancestors.region_code and told.region_code = ancestors.ancestor_code
            and ancestors.distance > 0
    group by told.source_kind, told.event_code, told.region_code, told.occurred_date
),

ended as (
    select source_kind, event_code, region_code, occurred_date, min(better_date) as better_date
    from silenced
    group by source_kind, event_code, region_code, occurred_date
),

final as (
    select
        told.* exclude (until_date),
        least(told.until_date, ended.better_date) as until_date
    from told
    left join ended
        on
            told.source_kind = ended.source_kind
            and told.event_code = ended.event_code
            and told.region_code = ended.region_code
            and told.occurred_date = ended.occurred_date
)

select * from final
where until_date is null or from_date < until_date
