{#
    What hangs on links that carry households (R21, R22). The lists state what a link is said to have added in a year;
    what falls away with it, at worst, is the part of income that the seed link_modes names for its mode.
#}
{%- macro _livelihoods() -%}{{ return(['wage', 'business', 'property']) }}{%- endmacro %}

{# A household's links, each of them once: their stated incomes in all and by livelihood, and how many they are. The sum
   is not known while one link's income, or its mode's livelihood, is not. #}
{% macro linked_sums() -%}
cast(case
            when count(*) = count(yearly_income_cny) and count(*) = count(livelihood) then sum(yearly_income_cny)
        end as decimal(18, 2)) as linked_cny,
        {%- for part in _livelihoods() %}
        cast(coalesce(sum(yearly_income_cny) filter (where livelihood = '{{ part }}'), 0) as decimal(18, 2))
            as {{ part }}_linked_cny,
        count(*) filter (where livelihood = '{{ part }}') as {{ part }}_link_count,
        {%- endfor %}
        count(*) as link_count
{%- endmacro %}

{# What hangs on a household's links beside what they are said to add: the pay of as many members as work by them (all
   of it where nobody tells how many work), all sales, all income from property. `links`: columns of linked_sums;
   `earlier`: the household before the shock. Null where its incomes are not known. #}
{% macro dependent_on_links(links, earlier) -%}
{%- set at_worst = {
    'wage': earlier ~ '.inc_wage_cny * least(cast(' ~ links ~ '.wage_link_count as double) / greatest(coalesce('
        ~ earlier ~ '.employed_count, 1), 1), 1)',
    'business': earlier ~ '.inc_grain_gross_cny + ' ~ earlier ~ '.inc_fruit_gross_cny + ' ~ earlier
        ~ '.inc_hog_gross_cny + ' ~ earlier ~ '.inc_other_business_gross_cny',
    'property': earlier ~ '.inc_property_cny',
} -%}
cast(round(
            {%- for part in _livelihoods() %}
            {{ '+ ' if not loop.first }}case
                when {{ links }}.{{ part }}_link_count = 0 then 0
                when {{ at_worst[part] }} <= {{ links }}.{{ part }}_linked_cny then 0
                else {{ at_worst[part] }} - {{ links }}.{{ part }}_linked_cny
            end
            {%- endfor %}, 2
        ) as decimal(18, 2))
{%- endmacro %}
