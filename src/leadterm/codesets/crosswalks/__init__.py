"""From one system or year to another: GEMs, conversion tables, SNOMED CT, the lists of the WHO, Disease Ontology."""
