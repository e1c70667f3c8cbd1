-- A region's level from its own two keys: the matrix with unknown read as none; what that leaves at none is unknown
-- when a key is unknown, and where no household is registered.
with keys as (
    select * from {{ ref('int_level__keys_daily') }}
),

matrix as (
    select * from {{ ref('level_matrix') }}
),

final as (
    select
        keys.*,
        case
            when keys.vulnerable_household_count is null then 'unknown'
            when matrix.level <> 'none' then matrix.level
            when keys.shock_key = 'unknown' or keys.distress_key = 'unknown' then 'unknown'
            else matrix.level
        end as own_level
    from keys
    left join matrix
        on
            matrix.shock_level = case keys.shock_key when 'unknown' then 'none' else keys.shock_key end
            and matrix.distress_level = case keys.distress_key when 'unknown' then 'none' else keys.distress_key end
)

select * from final
