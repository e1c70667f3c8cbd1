-- The integration of the resettlement sites of a region (R24), each weighed by its households, beside V. One site whose
-- index or figure is unknown leaves the region's unknown.
{%- set figures = {
    'index_sum': 'case
            when count(sites.integration_index) = count(*) then sum(sites.integration_index * sites.household_count)
        end',
    'missing_parts': "string_agg(distinct sites.missing_parts, ',' order by sites.missing_parts)"
} %}
{%- for name in ['occupied_household_count', 'fee_arrears_household_count', 'complaint_count'] %}
    {%- set known = 'case when count(sites.' ~ name ~ ') = count(*) then sum(sites.' ~ name ~ ') end' %}
    {%- do figures.update({name: 'cast(' ~ known ~ ' as bigint)'}) %}
{%- endfor %}
{{ pooled_sites('int_site__integration_monthly', figures) }}
