"""Results for people and programs, one file per output."""
