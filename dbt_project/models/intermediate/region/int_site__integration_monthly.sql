{#
    R24: how well the people of a resettlement site have settled, as an index from 0 to 100: six parts from 0 to 1,
    weighed by the seed of thresholds. A part or a weight that is missing leaves the index unknown. A site where nobody
    of school age lives lacks no school; one on which nobody lives has no index at all.
#}
{%- set worst_complaints = 'worst.value * services.household_count / 100' %}
{%- set parts = {
    'occupancy': ('services.occupied_household_count', 'services.household_count'),
    'registration': ('services.registered_household_count', 'services.household_count'),
    'school': ('services.enrolled_count', 'services.school_age_count'),
    'medical': ('services.insured_transferred_count', 'services.person_count'),
    'fees': ('services.household_count - services.fee_arrears_household_count', 'services.household_count'),
    'complaints': (worst_complaints ~ ' - services.complaint_count', worst_complaints)
} %}
with services as (
    select *, last_day(report_month) as month_end_date from {{ ref('stg_sites__relocation_services') }}
    where household_count > 0
),

measured as (
    {%- for part, (reached, whole) in parts.items() %}
        select
            services.site_code, services.report_month, services.month_end_date, '{{ part }}' as part,
            cast({{ reached }} as decimal(18, 6)) as reached,
            cast({{ whole }} as decimal(18, 6)) as whole
        from services
        left join {{ thresholds_of('integration_complaints_worst') }} as worst
            on {{ in_force_on('worst', 'services.month_end_date') }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

-- Not with least and greatest, which look past what is missing.
shares as (
    select
        *,
        case
            when part = 'school' and whole = 0 then 1
            when reached > whole then 1
            when reached < 0 then 0
            else cast(reached / nullif(whole, 0) as decimal(18, 6))
        end as part_share
    from measured
),

weighed as (
    select
        shares.site_code,
        shares.report_month,
        bool_and(shares.part_share is not null and weights.value is not null) as is_complete,
        sum(weights.value * shares.part_share) as weighed_share,
        sum(weights.value) as weight,
        string_agg(case when shares.part_share is null then shares.part end, ',' order by shares.part) as missing_parts
    from shares
    left join {{ ref('int_policy__thresholds_in_force') }} as weights
        on
            weights.parameter = 'integration_weight_' || shares.part
            and {{ in_force_on('weights', 'shares.month_end_date') }}
    group by shares.site_code, shares.report_month
),

final as (
    select
        services.site_code,
        services.region_code as township_code,
        services.report_month,
        services.month_end_date,
        services.household_count,
        services.occupied_household_count,
        services.fee_arrears_household_count,
        services.complaint_count,
        case
            when weighed.is_complete
                then cast(100 * cast(weighed.weighed_share as double) / nullif(weighed.weight, 0) as decimal(18, 6))
        end as integration_index,
        weighed.missing_parts,
        services.usable_from_date,
        services.load_id,
        services.known_at
    from services
    left join weighed using (site_code, report_month)
)

select * from final
