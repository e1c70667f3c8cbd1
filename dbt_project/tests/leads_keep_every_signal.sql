-- No signal on a household is lost on its way into a lead, none counts twice; no hit goes uncounted; R34 answers once
-- for every lead.
with run_day as (
    select max(as_of_date) as run_date from {{ source('landing', 'run_clock') }}
),

hits as (
    select
        count(*) as hit_count,
        count(*) filter (
            where household_key is not null and source <> 'petitions_hotline' and signal_date <= run_date
        ) as placed_count
    from {{ ref('int_lead__department_hits') }}
    cross join run_day
),

counted as (
    select
        coalesce(sum(hit_count), 0) as hit_count,
        coalesce(sum(placed_by_register_count + placed_by_delivery_count + without_household_count), 0)
            as placed_or_not_count
    from {{ ref('int_lead__hit_counts_monthly') }}
),

clues as (
    select count(*) as clue_count
    from {{ ref('int_lead__clues') }} as clues
    inner join {{ ref('int_household__registrations') }} as registrations
        on
            clues.household_key = registrations.household_key
            and clues.signal_date >= registrations.valid_from_date
            and clues.signal_date < registrations.valid_until_date
    inner join run_day
        on clues.signal_date <= run_day.run_date
),

signals as (
    select count(*) as signal_count from {{ ref('int_lead__signals') }}
),

leads as (
    select count(*) as lead_count, coalesce(sum(signal_count), 0) as signal_count
    from {{ ref('fct_household_leads_per_episode') }}
),

answered as (
    select count(*) as answer_count from {{ ref('int_rule__r34') }}
)

select *
from hits
cross join counted
cross join clues
cross join signals
cross join leads
cross join answered
where
    hits.hit_count is distinct from counted.hit_count
    or counted.hit_count is distinct from counted.placed_or_not_count
    or hits.placed_count + clues.clue_count is distinct from signals.signal_count
    or signals.signal_count is distinct from leads.signal_count
    or leads.lead_count is distinct from answered.answer_count
