-- Dated encounters up to the end of the period, each with its person as a number and its reporting period: the month,
-- or, where months are not asked for, the whole period.
-- Who has no patient id counts once for every encounter; an encounter's id is never taken for a patient's.
CREATE OR REPLACE TEMP TABLE visits AS
WITH persons AS (
    SELECT row_number() OVER () AS person, *
    FROM (SELECT DISTINCT coalesce(patient_id, id) AS name, patient_id IS NULL AS nameless FROM encounters)
)
SELECT
    id AS encounter,
    person,
    date,
    CASE WHEN $by_month THEN date_trunc('month', date)::DATE ELSE $first::DATE END AS period,
    sex,
    age_band
FROM encounters
JOIN persons ON name = coalesce(patient_id, id) AND nameless = (patient_id IS NULL)
WHERE date <= $last;
