"""What MangaDex has, beside what is found here."""
