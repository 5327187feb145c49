"""How a chart is set: lines that belong together, sections, sentences and items."""
