-- 防止返贫监测大数据管理平台监测户导出: as the newest list of each scope and period tells it, types spelled as the
-- national list's.
with source as (
    {{ rows_of_newest_list('provincial_platform_export') }}
),

final as (
    select
        source.* exclude (monitored_type),
        case source.monitored_type
            when '脱贫不稳定户' then 'unstable_lifted'
            when '边缘易致贫户' then 'marginal'
            when '突发严重困难户' then 'sudden_hardship'
        end as monitored_type
    from source
)

select * from final
