"""Who is who: organisations, people, their roles, and what each role may do or see."""
