-- Which regions a wording may mean: by a name, an alias, a bare stem or, for want of these, one sign's difference.
with collected as (
    select * from {{ ref('int_region_names__collected') }}
),

spelled as (
    select * from {{ ref('int_region_names__spelled') }}
),

aliases as (
    select * from {{ ref('region_aliases') }}
),

provinces as (
    select region_name
    from {{ ref('int_region__current') }}
    where region_level = 'province'
),

compact as (
    select
        *,
        replace(replace(region_text, ' ', ''), '　', '') as wording
    from collected
),

texts as (
    select
        compact.* exclude (wording),
        substring(compact.wording, coalesce(length(provinces.region_name), 0) + 1) as wording
    from compact
    left join provinces on left(compact.wording, length(provinces.region_name)) = provinces.region_name
),

-- What misleads goes before an exact name, that before an alias, an alias before the bare stem of a name.
direct as (
    select
        texts.region_text, texts.scope_region_code, spelled.region_code, spelled.basis,
        case spelled.basis when 'exact' then 1 else 3 end as precedence
    from texts
    inner join spelled on texts.wording = spelled.spelling
    union all
    select
        texts.region_text, texts.scope_region_code, aliases.region_code,
        case when aliases.basis in ('homophone', 'generic') then 'review' else 'alias' end as basis,
        case when aliases.basis in ('homophone', 'generic') then 0 else 2 end as precedence
    from texts
    inner join aliases
        on
            texts.wording = aliases.alias_text
            and extract(year from texts.last_told_date) >= coalesce(aliases.valid_from_year, 0)
            and (
                aliases.valid_to_year is null
                or extract(year from texts.first_told_date) <= aliases.valid_to_year
            )
),

unmatched as (
    select texts.*
    from texts
    left join direct
        on texts.region_text = direct.region_text and texts.scope_region_code = direct.scope_region_code
    where direct.region_text is null
),

-- One sign wrong, lost or too many: equal once that place is masked or left out (DuckDB's levenshtein counts bytes).
names as (
    select
        spelling as wording,
        region_code
    from spelled
    -- 泗县 and 萧县 differ in one sign as well: shorter names are not compared.
    where basis = 'exact' and length(spelling) > 2
),

{{ one_sign_off('names', 'region_code') }},

{{ one_sign_off('unmatched', 'region_text, scope_region_code') }},

near as (
    select unmatched_masked.region_text, unmatched_masked.scope_region_code, names_masked.region_code
    from unmatched_masked inner join names_masked on unmatched_masked.form = names_masked.form
    union
    select unmatched_masked.region_text, unmatched_masked.scope_region_code, names.region_code
    from unmatched_masked inner join names on unmatched_masked.form = names.wording
    union
    select unmatched.region_text, unmatched.scope_region_code, names_masked.region_code
    from unmatched
    inner join names_masked on unmatched.wording = names_masked.form
),

final as (
    select * from direct
    union all
    select *, 'review' as basis, 4 as precedence
    from near
)

select * from final
