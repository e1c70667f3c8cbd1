-- Village projects that failed: stopped, bankrupt, idle or at a loss, or with a dividend unpaid for too long. A failure
-- is a shock for link_loss_days from the day it began; a project whose state changes for the worse, or that had
-- recovered, is news again. A dividend that fell due when its project stood still already is not: nobody could pay it.
{%- set ill = ['亏损', '闲置', '停产', '破产'] %}
with projects as (
    {{ first_told_states(ref('stg_projects__industry_projects'), 'project_code', 'project_status', ill) }}
),

overdue as (
    {{ thresholds_of('dividend_overdue_days') }}
),

loss_window as (
    {{ thresholds_of('link_loss_days') }}
),

told as (
    select
        *,
        case
            when project_status in ('{{ ill | join("', '") }}')
                then coalesce(status_date, first_told_date)
        end as failed_date,
        case when project_status <> '亏损' then failed_date end as still_date
    from projects
),

failures as (
    select
        told.*,
        'project_failed' as kind,
        told.failed_date as since_date
    from told
    where told.failed_date is not null
    union all
    select
        told.*,
        'dividend_overdue' as kind,
        cast(told.dividend_due_date + cast(overdue.value as integer) + 1 as date) as since_date
    from told
    inner join overdue on {{ in_force_on('overdue', 'told.period_end_date') }}
    where
        told.dividend_paid_cny < told.dividend_due_cny
        and told.period_end_date - told.dividend_due_date > overdue.value
        and coalesce(told.still_date > told.dividend_due_date, true)
),

final as (
    select
        failures.load_id,
        failures.project_code,
        failures.operator_code,
        failures.region_code,
        failures.period_end_date as as_of_date,
        failures.kind,
        failures.since_date,
        failures.known_at
    from failures
    inner join loss_window on {{ in_force_on('loss_window', 'failures.period_end_date') }}
    where failures.period_end_date - failures.since_date < loss_window.value
)

select * from final
