{#
    Every way to write a region of any edition: its name with or without its ending (埇桥 for 埇桥区), alone or after the
    names of what holds it (宿州市埇桥区). A name that an older edition gives counts for the code that goes on.
    Province names are taken off the text by the reader, so they are not spelled here.
#}
{% set endings = ['街道办事处', '村民委员会', '居民委员会', '村委会', '居委会', '街道', '社区', '村', '镇', '乡', '县', '区', '市'] %}
with editions as (
    select * from {{ ref('int_region__editions') }}
),

codes as (
    select * from {{ ref('int_region_codes__resolved') }}
    where current_code is not null
),

named as (
    select distinct
        region_code,
        valid_year,
        parent_code,
        region_level,
        region_name,
        case
            {%- for ending in endings %}
                when
                    right(region_name, {{ ending | length }}) = '{{ ending }}'
                    and length(region_name) - {{ ending | length }} > 1
                    then left(region_name, length(region_name) - {{ ending | length }})
            {%- endfor %}
        end as stem
    from editions
    where region_level <> 'province'
),

-- What may stand before a name: nothing, or the names of one, two or three regions that hold it.
prefixes as (
    select
        own.region_code,
        own.valid_year,
        '' as alone,
        up_1.region_name as text_1,
        up_1.stem as stem_1,
        up_2.region_name || up_1.region_name as text_2,
        up_2.region_name || up_1.stem as stem_2,
        up_3.region_name || up_2.region_name || up_1.region_name as text_3,
        up_2.region_name as skipped_1
    from named as own
    left join named as up_1 on own.parent_code = up_1.region_code and own.valid_year = up_1.valid_year
    left join named as up_2 on up_1.parent_code = up_2.region_code and up_1.valid_year = up_2.valid_year
    left join named as up_3 on up_2.parent_code = up_3.region_code and up_2.valid_year = up_3.valid_year
),

prefixed as (
    {%- for column in ['alone', 'text_1', 'stem_1', 'text_2', 'stem_2', 'text_3', 'skipped_1'] %}
        select
            region_code,
            valid_year,
            {{ column }} as names_before,
            {{ 'true' if column == 'skipped_1' else 'false' }} as skips_a_level
        from prefixes
        where {{ column }} is not null
        {%- if not loop.last %}
            union
        {%- endif %}
    {%- endfor %}
),

spelled as (
    select
        named.region_code,
        prefixed.names_before || named.region_name as spelling,
        'exact' as basis
    from named
    inner join prefixed on named.region_code = prefixed.region_code and named.valid_year = prefixed.valid_year
    union
    select
        named.region_code,
        prefixed.names_before || named.stem as spelling,
        'suffix' as basis
    from named
    inner join prefixed on named.region_code = prefixed.region_code and named.valid_year = prefixed.valid_year
    -- After a name that is not the next above, a stem could be anything's: 宿州市埇桥 is the district, not 埇桥街道.
    where named.stem is not null and not prefixed.skips_a_level
),

final as (
    select
        spelled.spelling,
        codes.current_code as region_code,
        min(spelled.basis) as basis
    from spelled
    inner join codes on spelled.region_code = codes.region_code
    group by spelled.spelling, codes.current_code
)

select * from final
