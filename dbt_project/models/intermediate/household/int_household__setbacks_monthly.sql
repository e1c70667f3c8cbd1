{#
    §2(1), R08: what the offices' files say, on the day judged, of a household's failed industry (a member's business
    closed or in default, a link that its operator broke) and of its dwelling after a disaster (being rebuilt, or badly
    damaged and not yet reported complete). A restated file speaks until the next statement can be used.
#}
with months as (
    select * from {{ ref('int_household__judged_months') }}
),

lists as (
    select * from {{ ref('int_household__key_group_lists') }}
    where is_recent
),

businesses as (
    select
        *,
        min(row_usable_from_date) over (
            partition by company_code, person_key order by state_date, row_usable_from_date, load_id, row_number
            rows between 1 following and unbounded following
        ) as restated_date
    from {{ ref('stg_departments__market_supervision') }}
),

losses as (
    select
        *,
        min(row_usable_from_date) over (
            partition by event_code, household_key order by stated_date, row_usable_from_date, load_id, row_number
            rows between 1 following and unbounded following
        ) as restated_date
    from {{ ref('stg_departments__emergency_losses') }}
),

dwellings as (
    select lists.as_of_date, housing.*
    from lists
    inner join {{ ref('stg_departments__housing') }} as housing
        on lists.load_id = housing.load_id
),

setbacks as (
    select
        months.as_of_date, members.household_key, 'failed_industry' as setback,
        coalesce(businesses.abnormal_date, businesses.state_date) as happened_date
    from months
    inner join businesses
        on
            months.as_of_date >= businesses.row_usable_from_date
            and months.as_of_date < coalesce(businesses.restated_date, date '9999-12-31')
    inner join {{ ref('int_household__members') }} as members
        on
            businesses.person_key = members.person_key
            and months.as_of_date >= members.valid_from_date and months.as_of_date < members.valid_until_date
    where businesses.company_status <> '存续'
    union all
    select lists.as_of_date, links.household_key, 'failed_industry' as setback, links.to_date as happened_date
    from lists
    inner join {{ ref('stg_projects__benefit_links') }} as links
        on lists.load_id = links.load_id
    where not links.is_active and links.end_reason in ('主体注销', '主体违约', '项目停产')
    union all
    -- a dwelling counts while its rebuilding lasts, whenever it was damaged
    select as_of_date, household_key, 'post_disaster_rebuild' as setback, as_of_date as happened_date
    from dwellings
    where
        damage_kind in ('地震', '洪涝', '风雹', '火灾', '采煤塌陷')
        and (renovation_status in ('已列入', '施工中') or not is_housing_safe)
    union all
    select months.as_of_date, losses.household_key, 'post_disaster_rebuild' as setback, losses.occurred_date
    from months
    inner join losses
        on
            months.as_of_date >= losses.row_usable_from_date
            and months.as_of_date < coalesce(losses.restated_date, date '9999-12-31')
    left join dwellings
        on
            months.as_of_date = dwellings.as_of_date and losses.household_key = dwellings.household_key
            and dwellings.renovation_status in ('已竣工', '已入住')
    where losses.house_damage in ('严重损坏', '倒塌') and dwellings.household_key is null
),

final as (
    select setbacks.household_key, setbacks.as_of_date, setbacks.setback, max(setbacks.happened_date) as happened_date
    from setbacks
    left join {{ thresholds_of('failed_business_window') }} as business_window
        on {{ in_force_on('business_window', 'setbacks.as_of_date') }}
    left join {{ thresholds_of('rebuild_window') }} as rebuild_window
        on {{ in_force_on('rebuild_window', 'setbacks.as_of_date') }}
    where
        {{ months_between('setbacks.happened_date', 'setbacks.as_of_date') }}
        <= case setbacks.setback when 'failed_industry' then business_window.value else rebuild_window.value end
    group by setbacks.household_key, setbacks.as_of_date, setbacks.setback
)

select * from final
