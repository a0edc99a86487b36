"""What must be true of every world, after every event and when all is calm; one rule a class, with its source."""
