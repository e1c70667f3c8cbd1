-- Out-of-pocket payments since January, one cumulative row per person and month: the newest word known.
with source as (
    {{ known_rows('medical_insurance') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by person_key, up_to_month
            order by known_at desc, load_id desc, row_number desc
        ) as newness
    from source
),

final as (
    select
        person_key,
        name_birth_key,
        up_to_month,
        insurance_type as insurance_type_text,
        total_expense_cny,
        basic_reimbursed_cny,
        serious_reimbursed_cny,
        relief_reimbursed_cny,
        compliant_self_pay_cny as self_pay_to_date_cny,
        outpatient_chronic_month_cny,
        scope_region_code,
        usable_from_date,
        load_id,
        row_number,
        known_at
    from ranked
    where newness = 1
)

select * from final
