{#
    Applications as they stand, and the case that each opened: the household's first inclusion that was not closed before
    the application came, as long as the application itself was not settled before the case began. A case takes the
    newest of several; an application without a case is one of its own.
#}
with clock as (
    select max(as_of_date) as run_date from {{ source('landing', 'run_clock') }}
),

versions as (
    select
        reports.*,
        row_number() over (
            partition by reports.application_code
            order by reports.state_date desc, reports.known_at desc, reports.load_id desc, reports.row_number desc
        ) as newness
    from {{ ref('stg_townships__self_reports') }} as reports
    inner join clock
        on reports.row_usable_from_date <= clock.run_date
),

applications as (
    select
        application_code,
        household_key,
        region_code as village_code,
        case application_form
            when '书面申请' then 'paper'
            when '手机APP' then 'app'
            when '咨询服务平台' then 'platform'
            when '其他' then 'other'
        end as application_form,
        applied_date,
        town_received_date,
        accepted_date,
        case application_result
            when '受理' then 'accepted'
            when '不予受理' then 'declined'
            when '已纳入监测' then 'included'
            when '未纳入监测' then 'not_included'
            when '撤回' then 'withdrawn'
        end as application_result,
        case when application_result <> '受理' then coalesce(result_date, state_date) end as settled_date,
        has_authorisation,
        authorised_date,
        revoked_date,
        case agent_role
            when '村干部' then 'village_cadre'
            when '扶贫小组长' then 'group_leader'
            when '近亲属' then 'close_relative'
        end as agent_role,
        has_fingerprint,
        is_household_informed,
        row_usable_from_date as usable_from_date,
        load_id,
        known_at
    from versions
    where newness = 1
),

first_cases as (
    select
        applications.application_code,
        applications.applied_date,
        township_cases.case_id,
        row_number() over (
            partition by applications.application_code order by township_cases.start_date, township_cases.case_code
        ) as case_order
    from applications
    inner join {{ ref('int_case__procedures') }} as township_cases
        on
            applications.household_key = township_cases.household_key
            and township_cases.case_kind = 'inclusion'
            and applications.applied_date <= coalesce(township_cases.closed_date, applications.applied_date)
            and township_cases.start_date <= coalesce(applications.settled_date, township_cases.start_date)
),

matched as (
    select
        application_code,
        case_id,
        row_number() over (partition by case_id order by applied_date desc, application_code desc) as application_order
    from first_cases
    where case_order = 1
),

final as (
    select
        coalesce(matched.case_id, 'C' || substring(md5('application|' || applications.application_code), 1, 12))
            as case_id,
        matched.case_id is null as is_own_case,
        applications.*
    from applications
    left join matched
        on applications.application_code = matched.application_code and matched.application_order = 1
)

select * from final
