-- Village projects that failed: stopped, bankrupt, idle or at a loss, or with a dividend unpaid for too long. A failure
-- is a shock for link_loss_days from the day it began; a project whose state changes for the worse, or that had
-- recovered, is news again.
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

failures as (
    select
        projects.*,
        'project_failed' as kind,
        coalesce(projects.status_date, projects.first_told_date) as since_date
    from projects
    where projects.project_status in ('{{ ill | join("', '") }}')
    union all
    select
        projects.*,
        'dividend_overdue' as kind,
        cast(projects.dividend_due_date + cast(overdue.value as integer) + 1 as date) as since_date
    from projects
    inner join overdue on {{ in_force_on('overdue', 'projects.period_end_date') }}
    where
        projects.dividend_paid_cny < projects.dividend_due_cny
        and projects.period_end_date - projects.dividend_due_date > overdue.value
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
