"""Can today's officers do an item, whatever way it takes? Satisfiability and resiliency of post assignments."""
