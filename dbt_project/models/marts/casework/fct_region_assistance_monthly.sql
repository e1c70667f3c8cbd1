-- Assistance of a region in each month: who is monitored and used 衔接资金 by type (R56), the other lifted-out households
-- by class (R63), and the funds and social help that reached it in the month before (R68).
{{ config(tags=['stage_2']) }}

{%- set types = ['unstable_lifted', 'marginal', 'sudden_hardship'] %}
{%- set columns = {'monitored_list': [], 'fund_payments': [], 'fund_balances': [], 'social_help': []} %}
{%- for type in types %}
    {%- do columns['monitored_list'].append(('monitored_' ~ type, 'monitored_' ~ type ~ '_count', 'bigint')) %}
    {%- do columns['monitored_list'].append(('user_' ~ type, 'bridging_' ~ type ~ '_user_count', 'bigint')) %}
{%- endfor %}
{%- for code in ['risk_open', 'below_line', 'no_labour', 'not_known', 'steady'] %}
    {%- do columns['monitored_list'].append(('class_' ~ code, 'other_lifted_out_' ~ code ~ '_count', 'bigint')) %}
{%- endfor %}
{%- do columns['monitored_list'].append(
    ('other_lifted_out_persons', 'other_lifted_out_person_count', 'bigint')
) %}
{%- for kind in ['bridging_project', 'bridging_unstable_lifted', 'bridging_marginal', 'bridging_sudden_hardship',
    'bridging_other', 'relief_county', 'relief_township', 'insurance', 'donation', 'other_fund'] %}
    {%- do columns['fund_payments'].append((kind, kind ~ '_paid_cny', 'decimal(38, 2)')) %}
{%- endfor %}
{%- for kind in ['relief_county_balance', 'relief_township_balance', 'insurance_balance'] %}
    {%- do columns['fund_balances'].append((kind, kind ~ '_cny', 'decimal(38, 2)')) %}
{%- endfor %}
{%- for kind in ['consumption_help', 'pairing', 'enterprises_villages', 'social_donation', 'volunteering',
    'other_social'] %}
    {%- do columns['social_help'].append((kind, kind ~ '_cny', 'decimal(38, 2)')) %}
{%- endfor %}

with regions as (
    select * from {{ ref('int_help__region_told_monthly') }}
),

figures as (
    select * from {{ ref('int_help__region_figures_monthly') }}
),

-- One figure per column. Where the list that would tell it is missing the figure is not known, and not zero.
final as (
    select
        regions.region_code,
        regions.region_level,
        regions.as_of_date,
        regions.period,
        {%- for list_name, figures_of_list in columns.items() %}
            {%- for figure, column, type in figures_of_list %}
                cast(case
                    when regions.is_{{ list_name }}_told
                        then coalesce(sum(figures.value) filter (where figures.figure = '{{ figure }}'), 0)
                end as {{ type }}) as {{ column }},
            {%- endfor %}
        {%- endfor %}
        nullif(concat_ws(
            ',',
            case when not regions.is_monitored_list_told then 'monitored_list_missing' end,
            case when not regions.is_fund_payments_told then 'fund_payments_missing' end,
            case when not regions.is_fund_balances_told then 'fund_balances_missing' end,
            case when not regions.is_social_help_told then 'social_help_missing' end
        ), '') as cautions
    from regions
    left join figures
        on
            regions.region_code = figures.region_code
            and regions.region_level = figures.region_level
            and regions.as_of_date = figures.as_of_date
    group by
        regions.region_code, regions.region_level, regions.as_of_date, regions.period, regions.is_monitored_list_told,
        regions.is_fund_payments_told, regions.is_fund_balances_told, regions.is_social_help_told
)

select * from final
