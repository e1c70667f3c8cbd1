-- What each department answered to each comparison of a household's assets, as it stands on the run's day.
with clock as (
    select max(as_of_date) as run_date from {{ source('landing', 'run_clock') }}
),

versions as (
    select
        results.*,
        row_number() over (
            partition by results.request_code, results.household_key, results.department
            order by results.known_at desc, results.load_id desc, results.row_number desc
        ) as newness
    from {{ ref('stg_comparisons__comparison_results') }} as results
    inner join clock
        on results.row_usable_from_date <= clock.run_date
),

final as (
    select
        request_code,
        household_key,
        department,
        requested_date,
        returned_date,
        has_hit,
        hit_class,
        row_usable_from_date as usable_from_date,
        load_id,
        known_at
    from versions
    where newness = 1
)

select * from final
