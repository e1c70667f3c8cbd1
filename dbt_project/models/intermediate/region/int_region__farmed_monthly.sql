-- What the registered households of a region are and farm, month by month: the denominators of reported losses. Only
-- what is stated counts; where nobody states it, the area or the herd is not known.
{%- set farmed = {
    'member_count': 'member_count', 'wheat_mu': 'land_wheat_mu', 'maize_mu': 'land_maize_mu',
    'orchard_mu': 'land_orchard_mu', 'vegetable_mu': 'land_vegetable_mu', 'other_crop_mu': 'land_other_crop_mu',
    'hog_head': 'hog_head', 'cattle_head': 'cattle_head', 'sheep_head': 'sheep_head', 'poultry_head': 'poultry_head'
} %}
with by_edition as (
    select
        township_code, valid_from_date, valid_until_date,
        {%- for name, column in farmed.items() %}
            sum({{ column }}) as {{ name }},
        {%- endfor %}
        count(*) as household_count
    from {{ ref('int_household__registrations') }}
    group by township_code, valid_from_date, valid_until_date
),

by_region as (
    select
        ancestors.ancestor_code as region_code,
        months.as_of_date,
        {%- for name in farmed %}
            sum(by_edition.{{ name }}) as {{ name }},
        {%- endfor %}
        sum(by_edition.household_count) as household_count
    from {{ ref('int_household__judged_months') }} as months
    inner join by_edition
        on months.as_of_date >= by_edition.valid_from_date and months.as_of_date < by_edition.valid_until_date
    inner join {{ ref('int_region__ancestors') }} as ancestors on by_edition.township_code = ancestors.region_code
    group by ancestors.ancestor_code, months.as_of_date
),

-- A month's state holds until the next one's (int_region__vulnerable_monthly). Wheat and maize follow each other on the
-- same land: what stands at one time is the larger of the two, with the rest.
final as (
    select
        region_code,
        as_of_date,
        as_of_date as valid_from_date,
        coalesce(
            cast(lead(as_of_date) over (partition by region_code order by as_of_date) - interval 1 day as date),
            date '9999-12-31'
        ) as valid_to_date,
        cast(household_count as bigint) as household_count,
        cast(member_count as bigint) as member_count,
        {%- for name in farmed if name != 'member_count' %}
            cast({{ name }} as decimal(18, 2)) as {{ name }},
        {%- endfor %}
        case
            when coalesce(wheat_mu, maize_mu, orchard_mu, vegetable_mu, other_crop_mu) is not null
                then cast(
                        greatest(coalesce(wheat_mu, 0), coalesce(maize_mu, 0)) + coalesce(orchard_mu, 0)
                        + coalesce(vegetable_mu, 0) + coalesce(other_crop_mu, 0) as decimal(18, 2)
                    )
        end as sown_mu
    from by_region
)

select * from final
