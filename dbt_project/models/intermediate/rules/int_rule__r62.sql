{#
    §4(2) 对内生动力不足的,坚持志智双扶: is there training or education for a household with a member whom the register marks?
    The mark is a judgement about a person and restricted: it stands in no column here, and no evidence names it.
#}
with households as (
    select household_key, village_code, as_of_date, is_monitored, usable_from_date, known_at
    from {{ ref('int_household__monthly') }}
),

help as (
    select * from {{ ref('int_help__summary_monthly') }}
),

marks as (
    select
        help.household_key,
        help.as_of_date,
        case
            when bool_or(persons.has_weak_motivation) then true
            when bool_and(persons.has_weak_motivation is not null) then false
        end as is_marked
    from help
    inner join {{ ref('int_household__compositions') }} as compositions
        on
            help.household_key = compositions.household_key
            and help.as_of_date >= compositions.valid_from_date
            and help.as_of_date < compositions.valid_until_date
    inner join {{ ref('stg_register__motivation') }} as persons
        on
            compositions.household_key = persons.household_key
            and compositions.scope_region_code = persons.scope_region_code
            and compositions.edition_date = persons.edition_date
    group by help.household_key, help.as_of_date
),

judged as (
    select
        households.*,
        help.motivation_count,
        help.class_codes,
        help.measures_load_id,
        help.usable_from_date as help_usable_from_date,
        help.known_at as help_known_at,
        case
            when not households.is_monitored then 'not_applicable'
            when households.is_monitored is null then 'unknown'
            when not marks.is_marked or not help.is_measure_due then 'not_applicable'
            when help.motivation_count > 0 then 'clear'
            when marks.is_marked and help.is_measure_due and help.motivation_count = 0 then 'raised'
            else 'unknown'
        end as status
    from households
    left join help
        on households.household_key = help.household_key and households.as_of_date = help.as_of_date
    left join marks
        on households.household_key = marks.household_key and households.as_of_date = marks.as_of_date
),

final as (
    select
        household_key,
        village_code,
        as_of_date,
        'R62' as rule_id,
        status,
        cast(case when status in ('raised', 'clear') then motivation_count end as decimal(18, 6)) as observed_value,
        cast(null as decimal(18, 6)) as threshold_value,
        'measures' as unit,
        cast(null as varchar) as threshold_id,
        -- most rows end here: put together as text
        case when status = 'not_applicable' then '{"clause":"§4(2)"}' else
            {{ evidence_of({'clause': "'§4(2)'", 'measures': 'class_codes', 'load': 'measures_load_id'}, caution="case
            when is_monitored is null then 'monitored_list_missing'
            when measures_load_id is null then 'measures_unknown'
            else 'need_unknown'
        end") }} end as evidence,
        greatest(usable_from_date, help_usable_from_date) as usable_from_date,
        greatest(known_at, help_known_at) as known_at
    from judged
)

select * from final
