"""What is in force: law, agreements, aims and assumptions, one YAML file each."""
