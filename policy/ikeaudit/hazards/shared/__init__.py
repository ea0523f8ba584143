"""What several hazards share that the whole audit, or a finding, is needed for; the facts lie below."""
