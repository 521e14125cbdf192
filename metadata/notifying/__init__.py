"""How people are told of new chapters, besides the pages."""
