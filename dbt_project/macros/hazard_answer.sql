{# The second half of int_rule__hazards: from all answers of a region, day and rule to the finding. #}
{% macro hazard_answer() %}
{%- set of_day = 'partition by region_code, as_of_date, rule_id' %}
ranked as (
    select
        answers.*,
        max(hold_rank) over ({{ of_day }}) as region_hold_rank,
        max(possible_rank) over ({{ of_day }}) as region_possible_rank,
        max(case when possible_rank > raw_rank then doubt end) over ({{ of_day }}) as region_doubt,
        row_number() over (
            {{ of_day }}
            order by raw_rank desc nulls last, hit_count > 0 desc, colour_rank desc nulls last,
                hit_count desc, hazard_code
        ) as worst_first
    from answers
),

in_force as (
    select
        region_code, as_of_date, rule_id,
        string_agg(hazard_code || ':' || told, ',' order by hazard_code, told) as hazards
    from (
        select region_code, as_of_date, rule_id, hazard_code, max_by(colour, colour_rank) as told
        from footprints
        group by region_code, as_of_date, rule_id, hazard_code
        union all
        select region_code, as_of_date, rule_id, hazard_code, 'losses' as told
        from losses
    ) as highest
    group by region_code, as_of_date, rule_id
),

measured as (
    select
        regions.*,
        worst.* exclude (region_code, as_of_date, rule_id, hazard_code, known_at),
        worst.hazard_code as subject,
        worst.known_at as told_known_at,
        in_force.hazards,
        case
            when coalesce(regions.as_of_date < regions.first_known_date, true) and coalesce(worst.raw_rank, 0) = 0
                then case when regions.rule_id in ('R12', 'R13') then 'no_warnings_known' else 'no_hazard_data' end
            when regions.loss_window is null then 'no_threshold_in_force'
            when worst.region_code is null then 'no_episode'
            when regions.hysteresis_share is null then 'no_threshold_in_force'
            when worst.region_possible_rank > worst.raw_rank and worst.region_doubt <> 'exposure_unknown'
                then worst.region_doubt
            when worst.raw_rank = 0 and worst.region_possible_rank > 0 then 'exposure_unknown'
            when worst.region_possible_rank > worst.raw_rank then 'exposure_partly_unknown'
            when regions.vulnerable_household_count is null then 'no_household_data'
            when regions.min_base is null then 'no_threshold_in_force'
            when regions.vulnerable_household_count < regions.min_base then 'below_min_base'
        end as caution
    from regions
    left join ranked as worst
        on
            regions.region_code = worst.region_code and regions.as_of_date = worst.as_of_date
            and regions.rule_id = worst.rule_id and worst.worst_first = 1
    left join in_force
        on
            regions.region_code = in_force.region_code and regions.as_of_date = in_force.as_of_date
            and regions.rule_id = in_force.rule_id
),

-- What no share of V was judged for: counts, no level by it, and without V or its base nothing taken back.
levelled as (
    select
        *,
        {%- for rank in ['raw', 'region_hold'] %}
            case
                when caution = 'no_episode' then 'none'
                when
                    hysteresis_share is null
                    or caution not in ('exposure_partly_unknown', 'below_min_base') and coalesce(raw_rank, 0) = 0
                    {%- if rank == 'region_hold' %}
                    or min_base is null or vulnerable_household_count is null
                    {%- endif %}
                    then 'unknown'
                when caution = 'below_min_base' and {{ rank }}_rank is null then 'none'
                else {{ rank_level(rank ~ '_rank') }}
            end as {{ rank | replace('region_', '') }}_level{{ ',' if not loop.last }}
        {%- endfor %}
    from measured
),

{{ hazard_findings() }}
{% endmacro %}
