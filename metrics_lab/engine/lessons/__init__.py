"""What the lessons are made of: their figures, and the judge of an answer."""
