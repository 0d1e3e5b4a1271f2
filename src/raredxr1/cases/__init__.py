"""Who is seen: cases read from files, and the notes written for those that come as phenotypes."""
