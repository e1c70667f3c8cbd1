"""A second reading of the policy, in plain Python over the delivered files, to hold the models against."""
