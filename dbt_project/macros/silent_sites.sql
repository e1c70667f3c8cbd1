{#
    CTE `silent`: the townships, by month, of resettlement sites that reported before and not for this month, though by
    the register households live on them. A site that has not reported yet, or that its last household left, is not
    awaited. Needs the CTE `sites`, one row per site and report_month.
#}
{% macro silent_sites() -%}
inhabited as (
    select distinct relocation_site_code as site_code, as_of_date
    from {{ ref('int_household__monthly') }}
    where relocation_site_code is not null
),

months as (
    select distinct report_month, month_end_date from sites
),

opened as (
    select site_code, min(report_month) as first_month, max_by(township_code, report_month) as township_code
    from sites
    group by site_code
),

silent as (
    select opened.township_code, months.report_month
    from opened
    inner join months on opened.first_month < months.report_month
    inner join inhabited on opened.site_code = inhabited.site_code and months.month_end_date = inhabited.as_of_date
    left join sites on opened.site_code = sites.site_code and months.report_month = sites.report_month
    where sites.site_code is null
)
{%- endmacro %}
