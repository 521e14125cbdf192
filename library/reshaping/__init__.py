"""Having series be others than the names of files say: two made one, one made two, chapters moved,
what is missing purged; each so that later scans keep to it and that it can be taken back."""
