-- Which risk a text names, as townships and exports write it: the longest known name in it, a kind of disaster before
-- disaster alone.
with listed as (
    select distinct
        unnest([risk_1_text, risk_2_text, risk_3_text, risk_4_text, risk_5_text, disaster_subtype_text]) as risk_text
    from {{ ref('stg_national__monitored_persons') }}
),

texts as (
    select change_reason_text as risk_text from {{ ref('stg_register__income_changes') }}
    union
    select risk_text from listed
),

ranked as (
    select
        texts.risk_text,
        risk_types.risk_code,
        row_number() over (
            partition by texts.risk_text
            order by risk_types.risk_code like '%99', length(risk_types.alias_text) desc, risk_types.risk_code
        ) as preference
    from texts
    inner join {{ ref('risk_types') }} as risk_types
        on contains(texts.risk_text, risk_types.alias_text)
),

final as (
    select risk_text, risk_code
    from ranked
    where preference = 1
)

select * from final
