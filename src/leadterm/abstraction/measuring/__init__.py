"""What a chart counts and measures: vital signs, laboratory values, scores, the use of substances."""
