-- What only occurs before the period has no row in the answer; "any code" always has one.
DELETE FROM conditions
WHERE condition NOT IN (SELECT condition FROM occurrences WHERE date >= $first)
  AND ($by_code OR $by_category OR $by_grouping);
