-- One shock with its whole footprint, and the day whose household state is taken for the incomes before it: the newest
-- judged month that had ended when it opened, so that no statement already tells of it.
with footprints as (
    select * from {{ ref('int_shock__footprints') }}
),

months as (
    select * from {{ ref('int_household__judged_months') }}
),

kinds as (
    select * from {{ ref('shock_kinds') }}
),

subjects as (
    select 'hazard' as kind, hazard_code as subject, name_zh as subject_name_zh
    from {{ ref('hazard_types') }}
    union
    select 'price' as kind, commodity as subject, commodity_name_zh as subject_name_zh
    from {{ ref('commodities') }}
),

risk_names as (
    select risk_code, min(name_zh) as name_zh
    from {{ ref('risk_types') }}
    group by risk_code
),

pooled as (
    select
        shock_id, kind, subject, rule_id, shock_region_code, as_of_date,
        min(opened_date) as opened_date,
        max(last_held_date) as last_held_date,
        bool_or(is_open) as is_open,
        bool_or(is_computed) as is_computed,
        {{ rank_level('max(' ~ level_rank('severity') ~ ')') }} as severity,
        max(fall_ratio) as fall_ratio,
        count(*) as township_count,
        min(usable_from_date) as usable_from_date,
        max(known_at) as known_at
    from footprints
    group by shock_id, kind, subject, rule_id, shock_region_code, as_of_date
),

-- A shock that opened before the first judged month has only that month to go by.
before_dates as (
    select
        pooled.shock_id,
        coalesce(
            max(months.as_of_date) filter (where months.as_of_date <= pooled.opened_date), min(months.as_of_date)
        ) as before_date
    from pooled
    cross join months
    group by pooled.shock_id
),

final as (
    select
        pooled.*,
        kinds.name_zh as kind_name_zh,
        coalesce(subjects.subject_name_zh, kinds.name_zh) as subject_name_zh,
        kinds.has_claims,
        kinds.risk_code as reason_code,
        risk_names.name_zh as reason_name_zh,
        before_dates.before_date
    from pooled
    inner join before_dates on pooled.shock_id = before_dates.shock_id
    inner join kinds on pooled.kind = kinds.kind
    left join subjects on pooled.kind = subjects.kind and pooled.subject = subjects.subject
    left join risk_names on kinds.risk_code = risk_names.risk_code
)

select * from final
