-- The comparisons that may be used: authorised before they were asked for (§3(2), R37). Read these, never the staging.
{{ config(materialized='view') }}

select * exclude (is_authorised, is_usable)
from {{ ref('int_case__comparisons_judged') }}
where is_usable
