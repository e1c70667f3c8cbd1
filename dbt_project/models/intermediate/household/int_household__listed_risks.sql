{#
    The risks that the national list in force names for a monitored household and does not mark eliminated. A text that
    no one has seen before is still a risk: code 99. A disaster is named by its kind where the list gives one.
#}
with named_texts as (
    select * from {{ ref('int_household__risk_texts') }}
),

lists as (
    select distinct as_of_date, load_id
    from {{ ref('int_household__lists_in_force') }}
    where table_name = 'national_monitored_export'
),

listed_texts as (
    select distinct
        persons.household_key,
        lists.as_of_date,
        unnest([
            persons.risk_1_text, persons.risk_2_text, persons.risk_3_text, persons.risk_4_text, persons.risk_5_text
        ]) as risk_text,
        persons.disaster_subtype_text,
        persons.usable_from_date
    from {{ ref('stg_national__monitored_persons') }} as persons
    inner join lists
        on persons.load_id = lists.load_id
    where persons.monitored_type is not null and not coalesce(persons.is_risk_eliminated, false)
),

final as (
    select
        listed_texts.household_key,
        listed_texts.as_of_date,
        coalesce(
            case when named.risk_code like '02%' then disaster.risk_code end, named.risk_code, '99'
        ) as risk_code,
        listed_texts.usable_from_date
    from listed_texts
    left join named_texts as named
        on listed_texts.risk_text = named.risk_text
    left join named_texts as disaster
        on listed_texts.disaster_subtype_text = disaster.risk_text
    where listed_texts.risk_text is not null
)

select * from final
