"""Rule languages: Sigma over events, YARA over files."""
