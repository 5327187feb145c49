-- The conditions that are counted, numbered. A condition is a code, a category, a group of categories, or, where none
-- of them is asked for, any code that passes the filter: that one stands here even if nobody bears it.
CREATE OR REPLACE TEMP TABLE conditions AS
SELECT row_number() OVER () AS condition, *
FROM (
    SELECT DISTINCT
        CASE WHEN $by_code THEN code ELSE '' END AS code,
        CASE WHEN $by_category THEN category ELSE '' END AS category,
        CASE WHEN $by_grouping THEN coalesce(grouping, 'unknown') ELSE '' END AS grouping
    FROM diagnoses
    WHERE system = 'icd10cm'
      AND (NOT $filtered OR list_contains($codes::VARCHAR[], code) OR list_contains($categories::VARCHAR[], category))
    UNION
    SELECT '', '', '' WHERE NOT ($by_code OR $by_category OR $by_grouping)
);
