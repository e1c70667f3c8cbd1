-- §3(4), R52: every household lies in a grid that has a keeper.
{{ duty_rule(
    'R52', 'int_duty__grids', 'village', '§3(4)', 'grid_kept_ratio', ['without_grid_count', 'vacant_grid_count']
) }}
