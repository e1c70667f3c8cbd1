-- R69: which departments answer for an episode: those that own the risks behind its drivers on its highest day, or
-- behind those of the regions that raised it. Where nothing drives it, or nobody owns the risk, whoever owns the other
-- risks: it is never nobody's.
with behind as (
    select region_code, as_of_date, rule_id, subject from {{ ref('int_level__drivers_daily') }}
    union
    select raisers.region_code, raisers.as_of_date, drivers.rule_id, drivers.subject
    from {{ ref('int_level__raisers_daily') }} as raisers
    inner join {{ ref('int_level__drivers_daily') }} as drivers
        on raisers.raiser_code = drivers.region_code and raisers.as_of_date = drivers.as_of_date
),

drivers as (
    select
        episodes.episode_id,
        coalesce(special.risk_code, general.risk_code, other.risk_code) as risk_code
    from {{ ref('int_episode__episodes') }} as episodes
    left join behind on episodes.region_code = behind.region_code and episodes.highest_on = behind.as_of_date
    left join {{ ref('rule_risks') }} as special
        on behind.rule_id = special.rule_id and behind.subject = special.subject
    left join {{ ref('rule_risks') }} as general
        on behind.rule_id = general.rule_id and general.subject is null
    left join {{ ref('rule_risks') }} as other
        on other.rule_id = 'R25'
),

final as (
    select
        drivers.episode_id,
        {{ joined_words('owners.department_code', ',') }} as owner_codes,
        {{ joined_words('owners.department_text', '、') }} as owner_departments
    from drivers
    inner join {{ ref('risk_owners') }} as owners on drivers.risk_code = owners.risk_code
    group by drivers.episode_id
)

select * from final
