{#
    §2(2), R10: candidate monitoring lines for the year after each judged one: the last line that was in force by the
    day, times one plus a fixed growth or a factor of the newest dossier known by then; beside the floor of 1.5 times
    the national standard. The line itself is set by the city: every figure here is for planning.
#}
with judged as (
    select
        max(as_of_date) as as_of_date,
        cast(extract(year from max(as_of_date)) as integer) + 1 as plan_year
    from {{ ref('int_household__judged_months') }}
    group by extract(year from as_of_date)
),

numbers as (
    -- the newest of each that held by the day: a line that has lapsed is still the last one
    select
        judged.as_of_date,
        thresholds.parameter,
        thresholds.value,
        thresholds.valid_from_date,
        thresholds.threshold_id,
        row_number() over (
            partition by judged.as_of_date, thresholds.parameter order by thresholds.valid_from_date desc
        ) as newness
    from judged
    inner join {{ ref('int_policy__thresholds_in_force') }} as thresholds
        on judged.as_of_date >= thresholds.valid_from_date
    where thresholds.parameter in ('monitoring_line', 'floor_multiplier', 'national_poverty_standard')
),

bases as (
    select
        as_of_date,
        max(value) filter (where parameter = 'monitoring_line') as base_line_cny,
        max(threshold_id) filter (where parameter = 'monitoring_line') as base_threshold_id,
        cast(extract(year from max(valid_from_date) filter (where parameter = 'monitoring_line')) as integer)
            as base_line_year,
        max(value) filter (where parameter = 'floor_multiplier')
        * max(value) filter (where parameter = 'national_poverty_standard') as floor_cny
    from numbers
    where newness = 1
    group by as_of_date
),

dossiers as (
    select
        judged.as_of_date,
        dossier.line_year,
        dossier.dibao_standard_cny,
        dossier.disposable_income_growth_ratio,
        dossier.price_index_ratio,
        row_number() over (
            partition by judged.as_of_date
            order by
                dossier.line_year desc, dossier.stated_date desc, dossier.row_usable_from_date desc,
                dossier.load_id desc, dossier.row_number desc
        ) as newness
    from judged
    inner join {{ ref('stg_reference__line_dossier') }} as dossier
        on judged.as_of_date >= dossier.row_usable_from_date
),

final as (
    select
        judged.as_of_date, judged.plan_year, candidates.scenario_id, candidates.name_zh,
        bases.base_line_cny, bases.base_line_year, bases.base_threshold_id, bases.floor_cny,
        dossiers.line_year as dossier_year, dossiers.dibao_standard_cny, dossiers.disposable_income_growth_ratio,
        dossiers.price_index_ratio,
        cast(round(bases.base_line_cny * case candidates.growth_basis
            when 'fixed' then 1 + candidates.growth_ratio
            when 'disposable_income_growth' then 1 + dossiers.disposable_income_growth_ratio
            when 'price_index' then dossiers.price_index_ratio
        end, 2) as decimal(18, 2)) as candidate_line_cny
    from judged
    cross join {{ ref('candidate_lines') }} as candidates
    left join bases on judged.as_of_date = bases.as_of_date
    left join dossiers on judged.as_of_date = dossiers.as_of_date and dossiers.newness = 1
)

select * from final
