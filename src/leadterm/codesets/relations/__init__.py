"""What the notes of the Tabular List say of codes to each other."""
