-- R12 to R18, §2(3), for every judged region and day: of all hazards of a rule's family the worst answer speaks, that
-- of an episode in force (colour and exposed share) or of the losses told. No episode and no loss: none. What is not
-- known and would decide (V, exposure, figures of a loss, land under crops, a feed that never spoke, the kind of what
-- struck, which may be of any family): unknown. A share of a V below min_base is not judged: counts, no level; a loss
-- is no share of V and stands. The second half is macros/hazard_answer.sql.
{{ config(materialized='by_region') }}

with regions as (
    select
        judged.region_code, judged.as_of_date, families.rule_id, vulnerable.vulnerable_household_count,
        vulnerable.known_at as households_known_at, limits.min_base, limits.hysteresis_share,
        limits.hysteresis_days, limits.loss_window, known.first_known_date
    from {{ ref('int_region__judged_daily') }} as judged
    inner join {{ ref('int_region__parameters_daily') }} as limits on judged.as_of_date = limits.as_of_date
    inner join {{ ref('rules') }} as families on families.subject = 'region' and families.dimension = 'hazard'
    left join {{ ref('int_hazard__first_known') }} as known on families.rule_id = known.rule_id
    left join {{ ref('int_region__vulnerable_monthly') }} as vulnerable
        on
            judged.region_code = vulnerable.region_code
            and judged.as_of_date >= vulnerable.valid_from_date
            and judged.as_of_date <= vulnerable.valid_to_date
    where {{ is_judged_region('judged.region_code') }}
),

footprints as (
    select footprint.*, typed.rule_id
    from {{ ref('int_region__hazard_footprint_daily') }} as footprint
    inner join {{ hazard_families() }} as typed on footprint.hazard_code = typed.hazard_code
    where {{ is_judged_region('footprint.region_code') }}
),

bands as (
    select matrix.*, levels.level_rank
    from {{ ref('hazard_matrix') }} as matrix
    inner join {{ ref('levels') }} as levels on matrix.level = levels.level
),

losses as (
    select told.*, typed.rule_id
    from {{ ref('int_region__hazard_losses_daily') }} as told
    inner join {{ hazard_families() }} as typed on told.hazard_code = typed.hazard_code
    where {{ is_judged_region('told.region_code') }}
),

cuts as (
    select * from {{ ref('int_region__cuts_daily') }}
    where parameter = 'reported_loss_from'
),

{{ graded_by_exposure() }},

{{ graded_by_losses() }},

answers as (
    select
        graded.region_code, graded.as_of_date, graded.rule_id, graded.hazard_code, graded.colour, graded.colour_rank,
        graded.township_count, graded.exposed_household_count, graded.exposed_vulnerable_count,
        graded.unknown_vulnerable_count, cast(null as varchar) as measure, cast(null as varchar) as loss_figures,
        cast(null as decimal(18, 6)) as loss_ratio, {{ ranks_of_family('graded') }}, graded.possible_rank,
        case graded.hazard_code when 'unknown' then 'unknown_hazard_type' else 'exposure_unknown' end as doubt,
        compared.threshold_value, 'hazard_matrix:' || graded.colour as threshold_id,
        graded.exposed_vulnerable_count as hit_count, graded.load_id, graded.known_at
    from graded
    left join compared
        on
            graded.region_code = compared.region_code and graded.as_of_date = compared.as_of_date
            and graded.hazard_code = compared.hazard_code and graded.colour = compared.colour
    union all
    select
        loss.region_code, loss.as_of_date, loss.rule_id, loss.hazard_code, null as colour, null as colour_rank,
        null as township_count, null as exposed_household_count, null as exposed_vulnerable_count,
        null as unknown_vulnerable_count,
        case when loss.household_rank >= loss.raw_rank then 'households' else 'no_harvest' end as measure,
        {{ loss_figures('loss') }} as loss_figures,
        cast(case
            when loss.household_rank >= loss.raw_rank
                then cast(loss.hit_household_count as double) / nullif(loss.household_count, 0)
            else cast(loss.no_harvest_mu as double) / nullif(loss.sown_mu, 0)
        end as decimal(18, 6)) as loss_ratio,
        {{ ranks_of_family('loss') }},
        case
            when loss.untold_count > 0 or loss.is_sown_unknown or not loss.is_graded
                then (select max(levels.level_rank) from {{ ref('levels') }} as levels)
            else loss.raw_rank
        end as possible_rank,
        case
            when not loss.is_graded then 'no_threshold_in_force'
            when loss.hazard_code = 'unknown' then 'unknown_hazard_type'
            when loss.untold_count > 0 then 'losses_untold'
            else 'sown_area_unknown'
        end as doubt,
        loss_compared.threshold_value, loss_compared.threshold_id, loss.hit_household_count as hit_count, loss.load_id,
        loss.known_at
    from loss_graded as loss
    left join loss_compared
        on
            loss.region_code = loss_compared.region_code and loss.as_of_date = loss_compared.as_of_date
            and loss.hazard_code = loss_compared.hazard_code
),
{{ hazard_answer() }}
