{#
    The household rules' leads as worklists tell of them, under the one id of a lead (`fct_household_leads_per_episode`):
    what a township answers under this id is found again there. A rule that was quiet for a month and came back within
    `lead_gap_days` is the same lead, told in two rows.
#}
with leads as (
    select * from {{ ref('int_household__leads') }}
),

episodes as (
    select * from {{ ref('int_lead__episodes') }}
),

final as (
    select
        episodes.episode_id as lead_id,
        leads.* exclude (lead_id)
    from leads
    left join episodes
        on
            leads.household_key = episodes.household_key
            and leads.rule_id = episodes.subject_code
            and leads.lead_date >= episodes.opened_date
            and leads.lead_date <= episodes.last_seen_date
)

select * from final
