-- §2(3), R26: every episode at or above yellow has an owner and a measure within the working days of its level. Clause
-- table: int_rule__r26_unit_tests.yml; how the state comes about: int_episode__responses.
with responses as (
    select * from {{ ref('int_episode__responses') }}
),

final as (
    select
        responses.region_code,
        responses.as_of_date,
        'R26' as rule_id,
        responses.episode_id as subject,
        case responses.response_state
            when 'overdue' then 'raised'
            when 'unknown' then 'unknown'
            else 'clear'
        end as status,
        cast({{ working_days_after('started', 'today') }} as decimal(18, 6)) as observed_value,
        cast(responses.allowed_working_days as decimal(18, 6)) as threshold_value,
        'working days' as unit,
        responses.threshold_id,
        cast(json_object(
            'response_state', responses.response_state,
            'clock_from_on', responses.clock_from_on,
            'due_on', responses.due_on,
            'owners', responses.owners,
            'measures', responses.measures,
            'clause', '§2(3)',
            'caution', responses.caution
        ) as varchar) as evidence,
        responses.known_at
    from responses
    left join {{ ref('calendar_days') }} as started on responses.clock_from_on = started.calendar_date
    left join {{ ref('calendar_days') }} as today on responses.as_of_date = today.calendar_date
)

select * from final
