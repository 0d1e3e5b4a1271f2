"""Speech: how findings are said - labels, synonyms, lay words, descriptions, measured values."""
