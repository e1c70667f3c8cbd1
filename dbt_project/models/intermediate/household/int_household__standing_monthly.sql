{#
    Every household that a month's national list names: where it lives, its type, its main risk (the first that the list
    names; a text that no one has seen before is 99, none at all is `none`), and whether it stands in the stock: typed,
    and its risk not eliminated. Household attributes are repeated on each person: a standing row outweighs others.
#}
with lists as (
    select distinct month_start_date, load_id
    from {{ ref('int_household__month_lists') }}
    where load_id is not null
),

named_texts as (
    select * from {{ ref('int_household__risk_texts') }}
),

listed as (
    select
        lists.month_start_date,
        persons.*,
        coalesce(
            persons.risk_1_text, persons.risk_2_text, persons.risk_3_text, persons.risk_4_text, persons.risk_5_text
        ) as main_risk_text,
        persons.monitored_type is not null and not coalesce(persons.is_risk_eliminated, false) as is_standing
    from {{ ref('stg_national__monitored_persons') }} as persons
    inner join lists
        on persons.load_id = lists.load_id
),

coded as (
    select
        listed.*,
        case
            when listed.main_risk_text is null then 'none'
            else coalesce(case when named.risk_code like '02%' then disaster.risk_code end, named.risk_code, '99')
        end as risk_code
    from listed
    left join named_texts as named
        on listed.main_risk_text = named.risk_text
    left join named_texts as disaster
        on listed.disaster_subtype_text = disaster.risk_text
),

final as (
    select
        household_key,
        month_start_date,
        bool_or(is_standing) as is_standing,
        coalesce(min(village_code) filter (where is_standing), min(village_code)) as village_code,
        coalesce(min(monitored_type) filter (where is_standing), min(monitored_type)) as monitored_type,
        coalesce(min(risk_code) filter (where is_standing), min(risk_code)) as risk_code,
        bool_or(coalesce(is_risk_eliminated, false)) as is_eliminated,
        min(elimination_mode) as elimination_mode,
        max(known_at) as known_at
    from coded
    group by household_key, month_start_date
)

select * from final
