-- The regions that are held to the duties of §3 and §5 in a judged month: those in which a household is registered,
-- from the village up to the prefecture, with the digits that the codes of all regions inside them begin with.
with villages as (
    select
        village_code,
        township_code,
        county_code,
        prefecture_code,
        as_of_date,
        count(*) as household_count,
        count(*) filter (where is_monitored) as monitored_household_count,
        max(register_usable_from_date) as usable_from_date,
        max(known_at) as known_at
    from {{ ref('int_household__monthly') }}
    group by village_code, township_code, county_code, prefecture_code, as_of_date
),

{% set digits = {'village': 12, 'township': 9, 'county': 6, 'prefecture': 4} -%}
final as (
    {%- for level, length in digits.items() %}
        select
            {{ level }}_code as region_code,
            '{{ level }}' as region_level,
            substring({{ level }}_code, 1, {{ length }}) as region_digits,
            as_of_date,
            cast(sum(household_count) as bigint) as household_count,
            cast(sum(monitored_household_count) as bigint) as monitored_household_count,
            max(usable_from_date) as usable_from_date,
            max(known_at) as known_at
        from villages
        group by {{ level }}_code, as_of_date
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select * from final
