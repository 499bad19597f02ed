"""Meta-analysis: from the arms of studies to a pooled estimate, in plain Python."""
