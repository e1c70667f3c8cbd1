{#
    How severe a hazard in force, or a loss told, is for a region on a day: CTEs of the model int_rule__hazards, which
    gives `regions` (V, base, window and hysteresis of each region and day). Ranks are those of the seed levels: raw_rank
    by the figure, hold_rank by the lower cuts (hysteresis_share), possible_rank if all that is not known were so.
    Shares are compared by multiplication.
#}

{#
    The episode's colour and the share of V exposed inside its footprint meet in the seed hazard_matrix. The matrix rises
    with the share, so the highest level whose band begins at or below the share is the level. A share of a V below
    min_base is not judged: no rank. `compared` is the share that was reached or, with none, the first that would raise
    this colour.
#}
{% macro graded_by_exposure() -%}
{%- set judged = 'regions.vulnerable_household_count >= regions.min_base' -%}
{%- set reached = 'bands.exposed_ratio_from * regions.vulnerable_household_count' -%}
graded as (
    select
        footprints.*,
        max(bands.level_rank) filter (
            where {{ judged }} and footprints.exposed_vulnerable_count >= {{ reached }}
        ) as raw_rank,
        max(bands.level_rank) filter (
            where {{ judged }} and footprints.exposed_vulnerable_count >= {{ reached }} * regions.hysteresis_share
        ) as hold_rank,
        max(bands.level_rank) filter (
            where {{ judged }}
            and footprints.exposed_vulnerable_count + footprints.unknown_vulnerable_count >= {{ reached }}
        ) as possible_rank
    from footprints
    inner join regions
        on footprints.region_code = regions.region_code and footprints.as_of_date = regions.as_of_date
    inner join bands on footprints.colour = bands.episode_colour
    group by all
),

compared as (
    select
        graded.region_code, graded.as_of_date, graded.hazard_code, graded.colour,
        min(bands.exposed_ratio_from) as threshold_value
    from graded
    inner join bands
        on graded.colour = bands.episode_colour and bands.level_rank >= greatest(graded.raw_rank, 1)
    group by graded.region_code, graded.as_of_date, graded.hazard_code, graded.colour
)
{%- endmacro %}

{#
    Households hit as a share of the registered ones, or area without harvest as a share of the land under crops: the
    higher counts, however small V is. `loss_compared` is the cut that was reached or, with none, the lowest.
#}
{% macro graded_by_losses() -%}
{%- set by_households = 'losses.hit_household_count >= cuts.threshold_value * losses.household_count' -%}
{%- set by_harvest = 'losses.no_harvest_mu >= cuts.threshold_value * cast(losses.sown_mu as decimal(20, 2))' -%}
loss_graded as (
    select
        losses.*,
        coalesce(max(case when {{ by_households }} or {{ by_harvest }} then cuts.level_rank end), 0) as raw_rank,
        coalesce(max(
            case when {{ by_households }} * regions.hysteresis_share or {{ by_harvest }} * regions.hysteresis_share
                then cuts.level_rank end
        ), 0) as hold_rank,
        coalesce(max(case when {{ by_households }} then cuts.level_rank end), 0) as household_rank,
        count(cuts.level_rank) > 0 as is_graded,
        losses.no_harvest_mu > 0 and losses.sown_mu is null as is_sown_unknown
    from losses
    inner join regions on losses.region_code = regions.region_code and losses.as_of_date = regions.as_of_date
    left join cuts on losses.as_of_date = cuts.as_of_date
    group by all
),

loss_compared as (
    select
        loss_graded.region_code, loss_graded.as_of_date, loss_graded.hazard_code,
        min_by(cuts.threshold_value, cuts.level_rank) as threshold_value,
        min_by(cuts.threshold_id, cuts.level_rank) as threshold_id
    from loss_graded
    inner join cuts
        on loss_graded.as_of_date = cuts.as_of_date and cuts.level_rank >= greatest(loss_graded.raw_rank, 1)
    group by loss_graded.region_code, loss_graded.as_of_date, loss_graded.hazard_code
)
{%- endmacro %}
