-- What a region's level rests on: every rule and the distress at blue or above, each told in plain Chinese with its
-- numbers.
with rules as (
    {%- for relation in ['int_rule__hazards', 'int_rule__r19', 'int_rule__r20', 'int_rule__r21', 'int_rule__r22',
        'int_rule__r23', 'int_rule__r24', 'int_level__distress_daily'] %}
        select
            region_code, as_of_date, rule_id, dimension, subject, raw_level, level,
            cast(observed_value as decimal(18, 6)) as observed_value,
            cast(threshold_value as decimal(18, 6)) as threshold_value,
            unit, threshold_id, exposed_household_count, vulnerable_household_count, evidence
        from {{ ref(relation) }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

raised as (
    select
        rules.* exclude (level), levels.level_rank as held_rank, levels.level_zh as held_level_zh,
        coalesce({{ level_rank('rules.raw_level') }}, -1) as raw_rank,
        case
            when not crossings.is_large and levels.level_rank > {{ level_rank("'yellow'") }} then 'yellow'
            else rules.level
        end as level,
        crossings.is_large, crossings.needed_household_count, crossings.possible_household_count
    from rules
    inner join {{ ref('levels') }} as levels on rules.level = levels.level
    left join {{ ref('int_level__crossings_daily') }} as crossings
        on
            rules.region_code = crossings.region_code
            and rules.as_of_date = crossings.as_of_date
            and rules.rule_id = crossings.rule_id
    where rules.level <> 'none'
),

commodities as (
    select distinct commodity, commodity_name_zh from {{ ref('commodities') }}
),

hazards as (
    select hazard_code, name_zh from {{ ref('hazard_types') }}
),

worded as (
    select
        raised.*, {{ level_rank('raised.level') }} as level_rank,
        case raised.dimension
            -- Held with no episode left: there is nothing to count any more.
            when 'hazard'
                then case
                        when raised.subject is null then rules_by_id.name_zh || '过程已结束'
                        else coalesce(hazards.name_zh, '未识别灾种') || {{ hazard_text('raised') }}
                    end
            when 'price'
                then case {{ evidence_text('raised', 'measure') }}
                        when 'hog_grain_ratio_below'
                            then '猪粮比价' || cast(raised.observed_value as decimal(18, 2)) || ':1，界线'
                                || cast(raised.threshold_value as decimal(18, 1)) || ':1'
                        else commodities.commodity_name_zh
                            || '价格比往年同期均价低'
                            || {{ percent_text('raised.observed_value') }}
                            || coalesce('，已连续' || nullif({{ evidence_text('raised', 'weeks_below') }}, '0') || '周', '')
                    end || '，靠它谋生的脆弱户' || coalesce(raised.exposed_household_count, 0) || '户'
            when 'employment'
                then '脱贫和监测劳动力在岗' || {{ evidence_text('raised', 'employed_count') }} || '人，比去年同月'
                    || {{ evidence_text('raised', 'employed_before_count') }} || '人减少'
                    || {{ percent_text('raised.observed_value') }}
            when 'project' then {{ link_words('raised') }}
            when 'site' then {{ site_words('raised') }}
            when 'distress' then {{ distress_words('raised') }}
        end
        || case
            when raised.raw_rank < 0 then '（最新数据不足，保持原等级）'
            when raised.raw_rank < raised.held_rank then '（已回落，观察期内暂不降级）'
            else ''
        end || {{ crossing_words('raised') }} as text_zh
    from raised
    left join commodities on raised.subject = commodities.commodity
    left join hazards on raised.subject = hazards.hazard_code
    left join {{ ref('rules') }} as rules_by_id on raised.rule_id = rules_by_id.rule_id
),

final as (
    select
        * exclude (
            evidence, raw_rank, held_rank, held_level_zh, is_large, needed_household_count, possible_household_count
        ),
        row_number() over (
            partition by region_code, as_of_date
            order by level_rank desc, coalesce(exposed_household_count, 0) desc, rule_id
        ) as driver_order
    from worded
)

select * from final
