-- On which days a person bore a condition. Rejected codes never reach these tables.
CREATE OR REPLACE TEMP TABLE occurrences AS
SELECT person, period, date, condition
FROM diagnoses
JOIN visits USING (encounter)
JOIN conditions
    ON conditions.code = CASE WHEN $by_code THEN diagnoses.code ELSE '' END
    AND conditions.category = CASE WHEN $by_category THEN diagnoses.category ELSE '' END
    AND conditions.grouping = CASE WHEN $by_grouping THEN coalesce(diagnoses.grouping, 'unknown') ELSE '' END
WHERE diagnoses.system = 'icd10cm'
  AND (NOT $filtered OR list_contains($codes::VARCHAR[], diagnoses.code)
       OR list_contains($categories::VARCHAR[], diagnoses.category));
