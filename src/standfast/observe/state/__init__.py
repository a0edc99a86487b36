"""What programs and people are told of the state: values with a published schema, made from snapshots only.

The structs import next to nothing, since the command line reads them at every start; what makes them of snapshots
stands in the modules `of_*`. Times of day are seconds since 1970, spans are seconds; both are numbers.
"""
