-- The work on the resettlement sites of a region (R23), beside V.
{%- set figures = {} %}
{%- for name in ['labour_count', 'employed_count', 'zero_employment_over_30d_count'] %}
    {%- do figures.update({name: 'cast(sum(sites.' ~ name ~ ') as bigint)'}) %}
{%- endfor %}
{{ pooled_sites('stg_sites__monthly_reports', figures) }}
